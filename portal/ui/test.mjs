// Bundles the tests of what runs in browsers, and runs them in Node.
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

process.chdir(new URL(".", import.meta.url).pathname);
const outdir = "node_modules/.cache/tests";
await build({
  entryPoints: ["test/engine.test.ts"],
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
process.exit(spawnSync(process.execPath, ["--test", outdir], { stdio: "inherit" }).status ?? 1);
