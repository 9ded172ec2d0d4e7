// Builds dist/: style sheets, scripts, icon, and the fingerprints' frozen table. All that a page loads is from here.
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
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

const scripts = {
  app: "src/app.ts",
  passkeys: "src/passkeys.ts",
  device: "src/device/page.ts",
  "device-worker": "src/device/worker.ts",
};
await build({
  entryPoints: Object.entries(scripts).map(([out, from]) => ({ in: from, out })),
  outdir: "dist",
  bundle: true,
  minify: true,
  target: "es2020",
  legalComments: "none",
});
await copyFile(new URL("src/icon.svg", import.meta.url), new URL("icon.svg", dist));
const tables = new URL("../../hashing/fingerprints/data/", import.meta.url);
for (const name of await readdir(tables)) {
  if (/^regional-v\d+\.bin$/.test(name)) await copyFile(new URL(name, tables), new URL(name, dist));
}
