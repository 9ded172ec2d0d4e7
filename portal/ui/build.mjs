// Builds dist/{app.css, app.rtl.css, app.js, icon.svg}. Everything a page loads comes from here.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";
import rtlcss from "rtlcss";
import * as sass from "sass";

const dist = new URL("dist/", import.meta.url);
await mkdir(dist, { recursive: true });

const { css } = sass.compile("src/css/app.scss", { loadPaths: ["node_modules"], quietDeps: true });
if (/url\(/.test(css)) throw new Error("The style sheet loads something: pages load nothing but their own files.");
const minify = async (text) => (await transform(text, { loader: "css", minify: true })).code;
await writeFile(new URL("app.css", dist), await minify(css));
await writeFile(new URL("app.rtl.css", dist), await minify(rtlcss.process(css)));

await build({
  entryPoints: ["src/app.ts"],
  outfile: "dist/app.js",
  bundle: true,
  minify: true,
  target: "es2020",
  legalComments: "none",
});
await copyFile(new URL("src/icon.svg", import.meta.url), new URL("icon.svg", dist));
