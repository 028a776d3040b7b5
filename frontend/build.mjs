// Builds what the browser gets, from the packages of package-lock.json and the sources in src/.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const OUT = new URL("../src/budilnik/web/static/budilnik/", import.meta.url);
const SRC = new URL("src/", import.meta.url);
const ICONS = new URL("node_modules/@tabler/icons/icons/outline/", import.meta.url);
const IMAGE = /\.(svg|png|ico)$/;

// An address in a licence or a namespace of SVG is only a name; these are what a browser would fetch.
const FETCHED = /@import\b|url\(\s*["']?(?:https?:)?\/\//i;

async function bundle() {
    await build({
        absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
        entryPoints: ["src/app.js", "src/charts.js", "src/theme.js", "src/app.css"],
        outdir: fileURLToPath(OUT),
        bundle: true,
        minify: true,
        format: "iife",
        target: "es2022",
        logLevel: "warning",
    });
    const css = await readFile(new URL("app.css", OUT), "utf8");
    const fetched = css.match(FETCHED);
    if (fetched) throw new Error(`app.css fetches from outside: ${css.slice(fetched.index, fetched.index + 100)}`);
}

async function symbol(name) {
    const svg = await readFile(new URL(`${name}.svg`, ICONS), "utf8");
    const lines = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"));
    const drawing = lines.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${drawing}</symbol>`;
}

async function sprite() {
    const names = JSON.parse(await readFile(new URL("icons.json", import.meta.url), "utf8"));
    const symbols = await Promise.all(names.map(symbol));
    const licence = "<!-- Tabler Icons, Copyright (c) 2020-2026 Paweł Kuna, MIT -->";
    const svg = ['<svg xmlns="http://www.w3.org/2000/svg">', licence, ...symbols, "</svg>", ""];
    await writeFile(new URL("icons.svg", OUT), svg.join("\n"));
}

async function images() {
    const names = (await readdir(SRC)).filter((name) => IMAGE.test(name));
    await Promise.all(names.map((name) => copyFile(new URL(name, SRC), new URL(name, OUT))));
}

await mkdir(OUT, { recursive: true });
await Promise.all([bundle(), sprite(), images()]);
