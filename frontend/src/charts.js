// Draws the pictures of a page from the figures beside them. Loaded only by pages that have pictures.

import { BarChart, HeatmapChart, LineChart, SankeyChart } from "echarts/charts";
import { GridComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { look, stroke } from "./charts-look.js";
import { flowTip, options, tipAt } from "./charts-options.js";

use([BarChart, HeatmapChart, LineChart, SankeyChart, GridComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

const SVG = "http://www.w3.org/2000/svg";
const ROW_OF_A_HEAT = 34;
const drawn = new Map();

function sample(row, at, picture, colours) {
    const { colour, dash } = stroke(row, at, colours.theme);
    const swatch = document.createElementNS(SVG, "svg");
    swatch.setAttribute("viewBox", "0 0 24 10");
    swatch.setAttribute("aria-hidden", "true");
    const bars = (picture.kind === "bars" || picture.kind === "stacked") && row.role !== "goal";
    const shape = document.createElementNS(SVG, bars ? "rect" : "line");
    const places = bars ? { x: 7, y: 0, width: 10, height: 10, rx: 2, fill: colour } : { x1: 0, y1: 5, x2: 24, y2: 5, stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash === "solid" ? "none" : dash.join(" ") };
    for (const [name, value] of Object.entries(places)) shape.setAttribute(name, value);
    swatch.append(shape);
    return swatch;
}

// Of our own, as it wraps where ECharts' would lie over the picture.
function legend(figure, picture, colours) {
    figure.querySelector(".bud-picture-legend")?.remove();
    if (picture.series.length < 2 || picture.kind === "heat") return;
    const list = document.createElement("ul");
    list.className = "bud-picture-legend";
    list.append(
        ...picture.series.map((row, at) => {
            const item = document.createElement("li");
            item.append(sample(row, at, picture, colours), row.name);
            return item;
        }),
    );
    figure.querySelector("[data-picture]").before(list);
}

function paint({ chart, figure, picture }) {
    const colours = look();
    legend(figure, picture, colours);
    chart.setOption(options(picture, colours), true);
}

// The arrows walk along the labels; what the tip says is read aloud.
function walked(place, kept) {
    const { chart, figure, picture } = kept;
    const many = picture.kind === "sankey" ? picture.nodes.length : picture.labels.length;
    const tip = figure.querySelector("[data-picture-tip]");
    place.addEventListener("keydown", (event) => {
        if (event.key === "Escape") chart.dispatchAction({ type: "hideTip" });
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step || event.ctrlKey || event.altKey || event.metaKey || picture.kind === "heat") return;
        event.preventDefault();
        kept.at = ((kept.at ?? (step > 0 ? -1 : many)) + step + many) % many;
        chart.dispatchAction({ type: "showTip", seriesIndex: chart.getOption().series.length - 1, dataIndex: kept.at });
        const value = picture.kind === "sankey" ? through(picture, picture.nodes[kept.at].code) : 0;
        tip.value = picture.kind === "sankey" ? flowTip(picture, { data: { name: picture.nodes[kept.at].code }, value }) : tipAt(picture, kept.at);
    });
    place.addEventListener("blur", () => chart.dispatchAction({ type: "hideTip" }));
}

function through(picture, code) {
    const sum = (end) => picture.links.filter((link) => link[end] === code).reduce((all, link) => all + link.value, 0);
    return Math.max(sum("source"), sum("target"));
}

const grown = new ResizeObserver((entries) => {
    for (const { target } of entries) drawn.get(target)?.chart.resize();
});

function draw(place) {
    const figure = place.closest("figure");
    const picture = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    place.replaceChildren();
    if (picture.kind === "heat") place.style.height = `${picture.series.length * ROW_OF_A_HEAT + 32}px`;
    const kept = { chart: init(place, null, { renderer: "svg" }), figure, picture };
    drawn.set(place, kept);
    paint(kept);
    walked(place, kept);
    grown.observe(place);
}

function drawAll() {
    for (const [place, { chart }] of drawn) {
        if (place.isConnected) continue;
        grown.unobserve(place);
        chart.dispose();
        drawn.delete(place);
    }
    for (const place of document.querySelectorAll("[data-picture]")) if (!drawn.has(place)) draw(place);
}

function opened(event) {
    for (const figures of document.querySelectorAll(".bud-picture-figures")) figures.open = event.type === "beforeprint";
}

new MutationObserver(() => drawn.forEach(paint)).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
document.addEventListener("htmx:after:swap", drawAll);
addEventListener("beforeprint", opened);
addEventListener("afterprint", opened);
drawAll();
