"""Advice on uploaded materials (6.7, 6.9 note): what a program can see of style, said to the author, never a refusal.

looks      the job that looks into a file after its upload, and what it found, kept for each content
advising   advise(session, course) -> list[Advice]     what stands on the page, rule by rule
families   which fonts are one family, and which have serifs
"""

from app.courses.advice.advising import Advice, advise, of_file
from app.courses.advice.looks import OPERATIONS, wanted

__all__ = ["OPERATIONS", "Advice", "advise", "of_file", "wanted"]
