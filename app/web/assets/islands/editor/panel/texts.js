// Names and instructions, Russian and English side by side: the two languages are equal.
import { group, text } from "./fields.js";

export function nameOf(changing, bearer, lang) {
  if (lang === "ru") return bearer.name ?? "";
  return changing.one(bearer, "text", "en")?.name ?? "";
}

function instructions(changing, bearer, lang) {
  return changing.one(bearer, "text", lang)?.body ?? (lang === "ru" ? bearer.documentation?.[0]?.text ?? "" : "");
}

/** `bearer` is what bears the texts: the element's own object, or the process of a pool. */
export function texts({ changing, words, element, bearer, named = true, told = false, key = "" }) {
  const { say } = words;
  const rows = [];
  if (named) {
    rows.push(text({ label: say("Name in Russian"), value: nameOf(changing, bearer, "ru"), key: `${key}name-ru`, lang: "ru", rows: 2,
      set: (value) => (bearer === element.businessObject
        ? changing.properties(element, { name: value || undefined }) : changing.inside(element, bearer, { name: value || undefined })) }));
    rows.push(text({ label: say("Name in English"), value: nameOf(changing, bearer, "en"), key: `${key}name-en`, lang: "en", rows: 2,
      set: (value) => changing.set(element, bearer, "text", { name: value }, { lang: "en" }) }));
  }
  if (told) {
    rows.push(text({ label: say("Instructions in Russian"), value: instructions(changing, bearer, "ru"), key: `${key}told-ru`, lang: "ru", rows: 4,
      set: (value) => changing.set(element, bearer, "text", { body: value }, { lang: "ru" }) }));
    rows.push(text({ label: say("Instructions in English"), value: instructions(changing, bearer, "en"), key: `${key}told-en`, lang: "en", rows: 4,
      set: (value) => changing.set(element, bearer, "text", { body: value }, { lang: "en" }) }));
  }
  return group(say("Texts"), ...rows);
}
