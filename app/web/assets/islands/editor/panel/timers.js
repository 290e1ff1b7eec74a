// Times as sentences: what people mean by a deadline, written as our timer expressions and read back from them.
import { field, group, make } from "./fields.js";

const QUOTED = String.raw`(?:'([^'\\]*)'|"([^"\\]*)")`;
const NAMED = { deadline: new RegExp(String.raw`^deadline\(\s*${QUOTED}\s*\)$`) };
for (const name of ["before", "after"]) {
  NAMED[name] = new RegExp(String.raw`^${name}\(\s*${QUOTED}\s*,\s*workdays\s*=\s*(\d+)\s*\)$`);
}
const PLAIN = [["workdays", /^workdays\(\s*(\d+)\s*\)$/], ["days", /^P(\d+)D$/], ["weeks", /^P(\d+)W$/], ["months", /^P(\d+)M$/],
  ["years", /^P(\d+)Y$/], ["hours", /^PT(\d+)H$/], ["date", /^(\d{4}-\d\d-\d\d)$/]];

/** {how, count, name, date} of an expression that is one of the sentences; {how: "expression"} of any other. */
export function read(source) {
  const text = source.trim();
  if (!text) return { how: "" };
  for (const [how, pattern] of PLAIN) {
    const found = text.match(pattern);
    if (found) return how === "date" ? { how, date: found[1] } : { how, count: found[1] };
  }
  for (const [how, pattern] of Object.entries(NAMED)) {
    const found = text.match(pattern);
    if (found) return { how, name: found[1] ?? found[2], count: found[3] };
  }
  return { how: "expression" };
}

export function write({ how, count = "1", name = "", date = "" }) {
  const letters = { days: "D", weeks: "W", months: "M", years: "Y" };
  if (letters[how]) return `P${count}${letters[how]}`;
  if (how === "workdays") return `workdays(${count})`;
  if (how === "hours") return `PT${count}H`;
  if (how === "date") return date;
  if (how === "deadline") return `deadline('${name}')`;
  return `${how}('${name}', workdays=${count})`;
}

/** The element in which the standard keeps such a time. */
export function elementOf(source) {
  const { how } = read(source);
  return ["days", "weeks", "months", "years", "hours", "workdays"].includes(how) ? "timeDuration" : "timeDate";
}

const SENTENCES = {
  workdays: "in {count} working day|in {count} working days", days: "in {count} day|in {count} days", weeks: "in {count} week|in {count} weeks", months: "in {count} month|in {count} months",
  years: "in {count} year|in {count} years", hours: "in {count} hour|in {count} hours", date: "on a given day", deadline: "when the deadline “{name}” is reached",
  before: "{count} working day before the deadline “{name}”|{count} working days before the deadline “{name}”", after: "{count} working day after the deadline “{name}”|{count} working days after the deadline “{name}”",
  expression: "by an expression",
};

/** A time in words, as the outline and the list of deadlines say it. */
export function sentence(source, say) {
  const found = read(source);
  if (!found.how) return "";
  if (found.how === "expression") return source;
  return found.how === "date" ? found.date : say(SENTENCES[found.how], found);
}

/** A group of controls for one time. `names`: deadlines that the step declares; `hows`: which sentences fit here. */
export function timer({ legend, value = "", names, key, process, expressions, words, set, without = [], none, help }) {
  const { say } = words;
  const now = read(value);
  const fits = Object.keys(SENTENCES).filter((how) => !without.includes(how) && (names.length || !["deadline", "before", "after"].includes(how) || now.how === how));
  const how = make("select");
  if (none) how.append(make("option", { value: "" }, none));
  for (const one of fits) how.append(make("option", { value: one }, say(SENTENCES[one], { count: "…", name: now.name ?? names[0] ?? "…" })));
  how.value = now.how || (none ? "" : "workdays");
  const rest = make("div", { class: "stack tight" });
  const said = make("p", { class: "fine", "aria-live": "polite" });
  const count = make("input", { type: "number", min: "0", max: "1000", step: "1" });
  const date = make("input", { type: "date" });
  const name = make("select", {}, ...[...new Set([...(now.name ? [now.name] : []), ...names])].map((one) => make("option", { value: one }, one)));
  count.value = now.count ?? "3";
  date.value = now.date ?? "";
  if (now.name) name.value = now.name;
  const send = () => {
    const made = write({ how: how.value, count: count.value || "0", name: name.value, date: date.value });
    said.textContent = sentence(made, say);
    if (made && made !== value) { value = made; set(made); }
  };
  const draw = () => {
    const rows = [];
    if (how.value === "expression") {
      rows.push(expressions.field({ label: say("Expression"), value, position: "timer", process, key: `${key}-expression`, set: (made) => { value = made; set(made); } }));
    }
    if (["deadline", "before", "after"].includes(how.value)) rows.push(field({ label: say("Deadline"), control: name, key: `${key}-name` }));
    if (how.value && !["date", "deadline", "expression"].includes(how.value)) rows.push(field({ label: say("How many"), control: count, key: `${key}-count` }));
    if (how.value === "date") rows.push(field({ label: say("Day"), control: date, key: `${key}-date` }));
    rest.replaceChildren(...rows);
    said.textContent = how.value && how.value !== "expression" ? sentence(value, say) : "";
  };
  how.addEventListener("change", () => {
    draw();
    if (!how.value) { value = ""; set(""); } else if (how.value !== "expression" && (how.value !== "date" || date.value)) send();
  });
  for (const control of [count, date, name]) control.addEventListener("change", send);
  draw();
  return group(legend, help ? make("p", { class: "help" }, help) : null, field({ label: say("When"), control: how, key: `${key}-how` }), rest, said);
}
