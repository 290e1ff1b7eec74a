// Keys of the inbox: j and k walk, Enter opens (the browser does), c selects. Without this file every link works.
const links = [...document.querySelectorAll("[data-inbox] a.what")];

function typing(event) {
  return event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input:not([type=checkbox]), select, textarea");
}

document.addEventListener("keydown", (event) => {
  if (typing(event) || !links.length) return;
  const line = document.activeElement?.closest(".line");
  const at = line ? links.findIndex((link) => line.contains(link)) : -1;
  if (event.key === "j") links[Math.min(at + 1, links.length - 1)].focus();
  else if (event.key === "k") links[Math.max(at - 1, 0)].focus();
  else if (event.key === "c") line?.querySelector("input[type=checkbox]")?.click();
  else return;
  event.preventDefault();
});
