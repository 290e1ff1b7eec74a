// Fonts and islands → ../static/dist, each file named by its content, with a manifest that the program reads at start.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const manifest = {};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

function keep(name, content) {
  const mark = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const file = name.replace(/(\.[^.]+)$/, `-${mark}$1`);
  writeFileSync(join(out, file), content);
  manifest[name] = file;
  return file;
}

const ranges = {
  cyrillic: "U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116",
  "cyrillic-ext": "U+0460-052F, U+1C80-1C8A, U+20B4, U+2DE0-2DFF, U+A640-A69F, U+FE2E-FE2F",
  latin: "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, "
    + "U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
  "latin-ext": "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, "
    + "U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF",
};

const faces = [];
function face(family, pack, stem, weight, style) {
  for (const [subset, range] of Object.entries(ranges)) {
    const source = join(here, "node_modules", pack, "files", `${stem.replace("SUBSET", subset)}.woff2`);
    const file = keep(basename(source), readFileSync(source));
    faces.push(`@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};font-display:swap;`
      + `src:url("/static/dist/${file}") format("woff2");unicode-range:${range}}`);
  }
}
face("Golos Text", "@fontsource-variable/golos-text", "golos-text-SUBSET-wght-normal", "400 900", "normal");
face("PT Serif", "@fontsource/pt-serif", "pt-serif-SUBSET-400-normal", "400", "normal");
face("PT Serif", "@fontsource/pt-serif", "pt-serif-SUBSET-700-normal", "700", "normal");
keep("fonts.css", faces.join("\n"));

const islands = await build({
  entryPoints: { viewer: join(here, "islands", "viewer.js"), compare: join(here, "islands", "compare.js"),
    editor: join(here, "islands", "editor", "index.js") },
  bundle: true, minify: true, format: "iife", target: "es2022", write: false, outdir: out, legalComments: "none",
  loader: { ".eot": "empty", ".ttf": "empty", ".woff": "empty", ".woff2": "file", ".svg": "empty" },
  assetNames: "[name]-[hash]", publicPath: "/static/dist",
});
for (const file of islands.outputFiles) {
  // Fonts are named by their content already, as the styles refer to them.
  if (file.path.endsWith(".woff2")) writeFileSync(join(out, basename(file.path)), file.contents);
  else keep(basename(file.path), file.contents);
}

writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
