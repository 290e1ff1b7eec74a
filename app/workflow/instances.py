"""Instances of procedures.

start(session, release_id, process, values, actor, *, subject=None, titles=None, nonce=None) -> Instance
suspend / resume / cancel(session, instance_id, actor, reason)
"""
