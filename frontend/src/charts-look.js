// How pictures look: colours that stand apart for every eye and on both grounds, dashes and marks beside them, numbers
// by the custom of the language.

// Of the roles the worse is the darker, as red and green are one to some eyes; the rest are Okabe and Ito's, darkened or lightened
// until each has three to one against its ground.
const HUES = {
    light: ["#0063b1", "#c25100", "#00805f", "#a8417f", "#5b5b5b", "#7a5af0", "#8a6d00", "#0b8aa8"],
    dark: ["#5db4ff", "#ff9b4a", "#35cfa3", "#f08bc4", "#c9c9c9", "#b3a1ff", "#e6c74a", "#6fd8ee"],
};
const ROLES = {
    light: { goal: "#4a4a4a", muted: "#7d8794", good: "#129a58", warning: "#b36200", bad: "#8f1d14" },
    dark: { goal: "#d6dbe1", muted: "#8f9aa8", good: "#35cfa3", warning: "#ffd08a", bad: "#e8574a" },
};
const DASHES = ["solid", [7, 3], [2, 2], [10, 3, 2, 3]];
const MARKS = ["circle", "rect", "triangle", "diamond"];

const language = document.documentElement.lang || "ru";
const written = (options) => new Intl.NumberFormat(language, options);
const count = written({ maximumFractionDigits: 1 });
const percent = written({ style: "percent", maximumFractionDigits: 1 });
const short = written({ notation: "compact", maximumFractionDigits: 1 });
const roubles = written({ maximumFractionDigits: 0 });

export const inFull = (value, unit) => {
    if (value === null || value === undefined) return "—";
    if (unit === "share") return percent.format(value).replace(/\s%/, "%");
    return unit === "money" ? `${roubles.format(value / 100)} ₽` : count.format(value);
};

export const inShort = (value, unit) => {
    if (unit === "share") return percent.format(value).replace(/\s%/, "%");
    return unit === "money" ? `${short.format(value / 100)} ₽` : short.format(value);
};

export function look() {
    const root = getComputedStyle(document.documentElement);
    const theme = document.documentElement.dataset.bsTheme === "dark" ? "dark" : "light";
    const colour = (name) => root.getPropertyValue(name).trim();
    return {
        theme,
        ink: colour("--tblr-body-color"),
        ground: colour("--tblr-bg-surface"),
        faint: theme === "dark" ? "#b6c0cc" : "#55606e",
        line: theme === "dark" ? "#3a4757" : "#dfe3e8",
        font: getComputedStyle(document.body).fontFamily,
    };
}

// What a series is drawn with. Of the same role the first is as the role says, the next keep their own dash.
export function stroke(row, at, theme) {
    const own = HUES[theme][at % HUES[theme].length];
    const dash = { goal: [6, 4], forecast: [2, 3] }[row.role] ?? DASHES[at % DASHES.length];
    return { colour: ROLES[theme][row.role] ?? own, dash, mark: MARKS[at % MARKS.length] };
}

export const nodeColour = (node, at, theme) => ROLES[theme][node.role] ?? HUES[theme][at % HUES[theme].length];

// From the ground to the first hue, for cells that are the darker the more.
export const heatColours = (theme) => (theme === "dark" ? ["#22303f", "#2f6fae"] : ["#eef4fa", "#6fa8dc"]);
