// Hides the fields whose condition does not hold. Without this they are shown, each with its condition in words;
// what is typed in a hidden field stays in the page, and the server leaves it out.
function attach(form) {
  const parts = [...form.querySelectorAll("[data-when]")];
  if (!parts.length) return;

  function given(path) {
    const inputs = [...form.elements].filter((one) => one.name === path);
    if (!inputs.length || inputs.every((one) => one.closest("[data-when][hidden]"))) return [];
    const boxes = inputs.filter((one) => one.type === "checkbox" || one.type === "radio");
    if (boxes.length === 1 && boxes[0].value === "true" && boxes[0].type === "checkbox") return [String(boxes[0].checked)];
    if (boxes.length) return boxes.filter((one) => one.checked).map((one) => one.value);
    return inputs.map((one) => one.value.trim()).filter(Boolean);
  }

  // In document order: a condition looks only at fields before its own.
  function show() {
    for (const part of parts) {
      const answers = given(part.dataset.when);
      const wanted = JSON.parse(part.dataset.whenValues);
      const found = answers.some((one) => wanted.includes(one));
      part.hidden = !answers.length || found === ("whenNot" in part.dataset);
    }
  }

  for (const words of form.querySelectorAll(".field__when")) words.hidden = true;
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}

for (const form of document.querySelectorAll("form")) attach(form);
// The studio shows a form anew while it is changed.
document.addEventListener("form-shown", (event) => attach(event.target));
