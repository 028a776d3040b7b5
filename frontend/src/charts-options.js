// From a picture as the server tells it to what ECharts draws.

import { heatColours, inFull, inShort, nodeColour, stroke } from "./charts-look.js";

// Beyond so many labels a mark at each one only hides the line.
const MARKED = 32;

export function tipAt(picture, at) {
    const rows = picture.series.map((row) => {
        const band = row.low.length && row.low[at] !== null ? ` (${inFull(row.low[at], picture.unit)} … ${inFull(row.high[at], picture.unit)})` : "";
        return `${row.name}: ${inFull(row.values[at], picture.unit)}${band}`;
    });
    return [picture.days[at], ...rows].join("\n");
}

function tooltip(look, formatter, trigger) {
    return {
        trigger,
        // Text and not HTML: nothing inline is allowed, and a name is never markup.
        renderMode: "richText",
        confine: true,
        formatter,
        backgroundColor: look.ground,
        borderColor: look.line,
        borderWidth: 1,
        padding: [8, 10],
        textStyle: { color: look.ink, fontFamily: look.font, fontSize: 13, lineHeight: 19 },
        axisPointer: { type: trigger === "axis" ? "line" : "none", lineStyle: { color: look.faint } },
    };
}

const words = (look) => ({ color: look.faint, fontFamily: look.font, fontSize: 12 });

function axes(picture, look) {
    const bars = picture.kind === "bars" || picture.kind === "stacked";
    return {
        grid: { left: 4, right: 14, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        xAxis: {
            type: "category",
            data: picture.labels,
            boundaryGap: bars,
            axisLabel: { ...words(look), hideOverlap: true },
            axisLine: { lineStyle: { color: look.line } },
            axisTick: { show: false },
        },
        yAxis: {
            type: "value",
            minInterval: picture.unit === "count" || picture.unit === "days" ? 1 : undefined,
            splitNumber: 4,
            axisLabel: { ...words(look), formatter: (value) => inShort(value, picture.unit) },
            splitLine: { lineStyle: { color: look.line } },
        },
        tooltip: tooltip(look, (params) => tipAt(picture, params[0].dataIndex), "axis"),
    };
}

function line(row, at, picture, look) {
    const { colour, dash, mark } = stroke(row, at, look.theme);
    return {
        type: "line",
        name: row.name,
        data: row.values,
        symbol: mark,
        symbolSize: 7,
        showSymbol: picture.labels.length <= MARKED && row.role !== "goal",
        lineStyle: { color: colour, type: dash, width: row.role === "goal" || row.role === "muted" ? 1.5 : 2.25 },
        itemStyle: { color: colour },
        emphasis: { disabled: true },
        z: row.role === "muted" ? 2 : 3,
    };
}

// A band is two invisible lines, the second lying on the first, with the ground between them filled.
function band(row, at, look) {
    if (!row.low.length) return [];
    const { colour } = stroke(row, at, look.theme);
    const edge = { type: "line", stack: `band ${at}`, stackStrategy: "all", symbol: "none", lineStyle: { opacity: 0 }, silent: true, emphasis: { disabled: true }, z: 1 };
    const width = row.low.map((low, place) => (low === null ? null : row.high[place] - low));
    return [
        { ...edge, data: row.low },
        { ...edge, data: width, areaStyle: { color: colour, opacity: look.theme === "dark" ? 0.28 : 0.18 } },
    ];
}

function bar(row, at, picture, look) {
    const { colour } = stroke(row, at, look.theme);
    const stacked = picture.kind === "stacked";
    return {
        type: "bar",
        name: row.name,
        data: row.values,
        stack: stacked ? "all" : undefined,
        barMaxWidth: 36,
        itemStyle: { color: colour, borderColor: look.ground, borderWidth: stacked ? 1 : 0, borderRadius: stacked ? 0 : [2, 2, 0, 0] },
        emphasis: { disabled: true },
    };
}

function overLabels(picture, look) {
    const bars = picture.kind === "bars" || picture.kind === "stacked";
    const rows = picture.series.flatMap((row, at) => {
        const drawn = bars && row.role !== "goal" ? bar(row, at, picture, look) : line(row, at, picture, look);
        return [...band(row, at, look), drawn];
    });
    return { ...axes(picture, look), series: rows };
}

export const flowTip = (picture, params) => {
    const name = (code) => picture.nodes.find((node) => node.code === code).name;
    const { data, dataType, value } = params;
    const title = dataType === "edge" ? `${name(data.source)} → ${name(data.target)}` : name(data.name);
    return `${title}: ${inFull(value, picture.unit)}`;
};

function flows(picture, look) {
    const last = Math.max(...picture.nodes.map((node) => node.column));
    const names = new Map(picture.nodes.map((node) => [node.code, node.name]));
    // Of the columns each state has one colour, by its name.
    const order = [...new Set(names.values())];
    const nodes = picture.nodes.map((node) => ({
        name: node.code,
        depth: node.column,
        itemStyle: { color: nodeColour(node, order.indexOf(node.name), look.theme), borderWidth: 0 },
        label: { position: node.column === last ? "left" : "right" },
    }));
    return {
        tooltip: tooltip(look, (params) => flowTip(picture, params), "item"),
        series: [
            {
                type: "sankey",
                data: nodes,
                links: picture.links.filter((link) => link.value > 0),
                left: 4,
                right: 4,
                top: 12,
                bottom: 12,
                nodeWidth: 14,
                nodeGap: 14,
                draggable: false,
                layoutIterations: 0,
                lineStyle: { color: "source", opacity: look.theme === "dark" ? 0.35 : 0.28, curveness: 0.5 },
                label: {
                    color: look.ink,
                    fontFamily: look.font,
                    fontSize: 12,
                    textBorderColor: look.ground,
                    textBorderWidth: 3,
                    formatter: (params) => `${names.get(params.name)} ${picture.unit === "money" ? inShort(params.value, picture.unit) : inFull(params.value, picture.unit)}`,
                },
                emphasis: { focus: "adjacency" },
            },
        ],
    };
}

function cells(picture, look) {
    const rows = picture.series.map((row) => row.name).reverse();
    const data = picture.series.flatMap((row, y) => row.values.map((value, x) => [x, rows.length - 1 - y, value ?? "-"]));
    const known = picture.series.flatMap((row) => row.values).filter((value) => value !== null);
    const quiet = { axisLine: { show: false }, axisTick: { show: false }, axisLabel: words(look) };
    const tip = ({ value }) => `${rows[value[1]]}, ${picture.days[value[0]]}: ${inFull(value[2] === "-" ? null : value[2], picture.unit)}`;
    return {
        grid: { left: 4, right: 8, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        xAxis: { type: "category", data: picture.labels, ...quiet },
        yAxis: { type: "category", data: rows, ...quiet },
        visualMap: { show: false, min: Math.min(0, ...known), max: Math.max(...known), inRange: { color: heatColours(look.theme) } },
        tooltip: tooltip(look, tip, "item"),
        series: [
            {
                type: "heatmap",
                data,
                itemStyle: { borderColor: look.ground, borderWidth: 2 },
                label: { show: true, color: look.ink, fontFamily: look.font, formatter: ({ value }) => (value[2] === "-" ? "" : inShort(value[2], picture.unit)) },
            },
        ],
    };
}

export function options(picture, look) {
    const draw = { sankey: flows, heat: cells }[picture.kind] ?? overLabels;
    const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    return { animation: moves, animationDuration: 300, animationDurationUpdate: 0, ...draw(picture, look) };
}
