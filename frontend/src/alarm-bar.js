// The bar of the alarm: drawn once and then only changed, so that neither the focus nor a screen reader is disturbed.
const SVG = "http://www.w3.org/2000/svg";

function made(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
}

function icon(icons, name) {
    const svg = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${icons}#${name}`);
    svg.append(use);
    return svg;
}

const key = (sign) => made("kbd", { "aria-hidden": "true" }, sign);
const part = (name, tag = "span", attributes = {}) => made(tag, { "data-part": name, ...attributes });

function draw(box, { words, icons }) {
    box.setAttribute("role", "region");
    box.setAttribute("aria-live", "off");
    box.setAttribute("aria-label", words.name);
    const open = made("a", { class: "btn btn-sm btn-primary", "data-alarm": "open", "data-key": "KeyG" });
    open.append(icon(icons, "phone"), words.open, key("G"));
    const snooze = made("button", { type: "button", class: "btn btn-sm", "data-alarm": "snooze", "data-key": "KeyL" });
    snooze.append(icon(icons, "clock"), part("snooze"), key("L"));
    const move = made("button", { type: "button", class: "btn btn-sm", "data-alarm": "move" });
    move.append(icon(icons, "calendar-event"), words.move);
    const notify = made("button", { type: "button", class: "btn btn-sm", "data-allow-notifications": "", hidden: "" });
    notify.append(icon(icons, "bell"), words.notify);
    const text = made("span", { class: "bud-alarm-text" }, part("when", "strong"), part("who"), part("about"));
    const acts = made("span", { class: "bud-alarm-acts" }, open, snooze, move, notify, part("more", "a"));
    const line = part("line", "div", { class: "bud-alarm-line" });
    line.append(icon(icons, "bell-ringing"), text, part("left", "span", { class: "bud-alarm-left" }), acts);
    const notes = made("p", { class: "bud-alarm-notes" }, part("muted"), part("ended", "a"), part("escalated", "a"));
    box.replaceChildren(line, notes, part("spoken", "span", { class: "visually-hidden" }));
}

// "in 4 minutes", "5 minutes ago", in the language of the page.
export function ago(minutes) {
    const told = new Intl.RelativeTimeFormat(document.documentElement.lang || "ru", { numeric: "auto" });
    if (Math.abs(minutes) < 60) return told.format(minutes, "minute");
    if (Math.abs(minutes) < 24 * 60) return told.format(Math.trunc(minutes / 60), "hour");
    return told.format(Math.trunc(minutes / 60 / 24), "day");
}

function put(box, name, text, address) {
    const element = box.querySelector(`[data-part="${name}"]`);
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
    if (address) element.setAttribute("href", address);
}

// What a screen reader says: once as a promise comes near, once as it rings, once as it is late.
function speak(box, { promise, stage, words, silent }) {
    const spoken = box.querySelector('[data-part="spoken"]');
    const said = promise ? `${promise.id}:${promise.rings}:${stage}` : "";
    if (spoken.dataset.said === said) return;
    spoken.dataset.said = said;
    spoken.setAttribute("aria-live", stage === "soon" || silent ? "polite" : "assertive");
    const late = stage === "late" ? `, ${words.late}` : "";
    spoken.textContent = promise ? `${words.title}: ${promise.client}, ${promise.local}${late}` : "";
}

export function bar(box, told) {
    const { words, promise, stage, silent } = told;
    box.hidden = !words || !(promise || told.escalated || told.ended);
    if (!words) return;
    if (box.dataset.drawn !== words.open) draw(box, told);
    box.dataset.drawn = words.open;
    box.dataset.stage = stage ?? "none";
    box.dataset.silent = silent ? "1" : "0";
    box.querySelector('[data-part="line"]').hidden = !promise;
    put(box, "muted", promise && told.muted && stage !== "soon" ? words.muted : "");
    put(box, "ended", told.ended ? `${words.ended} ${words.sign_in}` : "", told.ended);
    put(box, "escalated", told.escalated?.text ?? "", told.escalated?.url);
    put(box, "more", told.more ? words.more.replace("{count}", told.more) : "", told.listUrl);
    speak(box, told);
    if (!promise) return;
    put(box, "when", promise.local);
    put(box, "who", [promise.client, promise.person].filter(Boolean).join(" · "));
    put(box, "about", promise.about);
    put(box, "left", ago(told.minutes));
    put(box, "snooze", promise.snooze_text);
    box.querySelector('[data-alarm="open"]').href = promise.url;
    box.querySelector('[data-alarm="snooze"]').hidden = stage === "soon" || !promise.snoozes_left;
}
