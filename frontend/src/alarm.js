// The alarm of promised calls in any open page: a bar, a sound, a notice, the title. It goes by the server's clock.
import htmx from "htmx.org";
import { bar } from "./alarm-bar.js";
import { chime, mayWeSound, unlockWithGesture } from "./alarm-sound.js";
import { busyElsewhere, claim, hear, openedAt, remember, shareBusy, tellOthers } from "./alarm-tabs.js";

const MINUTE = 60_000;
const POLL_EVERY = 25_000;
const SOON = 100;
const TICK = 1_000;
const CLOCKS_PART = 5_000;
const IDLE_AFTER = 10 * MINUTE;
const OPENED_FOR = 15 * MINUTE;

const box = document.getElementById("alarm");
let known = { promises: [], escalated: 0 };
let shown;
let ended = false;
let pollTimer;
let showTimer;
let typedAt = 0;

// Time passes by a clock that nobody can set; the server says where it began.
const clock = {};
const now = () => clock.server + performance.now() - clock.at;
const setClock = (server) => Object.assign(clock, { server, at: performance.now(), wall: Date.now() });

// After a sleep of the computer, or when somebody sets its clock, the two ways to measure part: the server knows better.
function askAfterSleep() {
    const passed = performance.now() - clock.at;
    if (Math.abs(Date.now() - clock.wall - passed) < CLOCKS_PART) return;
    setClock(now());
    poll();
}

async function poll() {
    clearTimeout(pollTimer);
    try {
        const response = await fetch(box.dataset.url, { headers: { "HX-Request": "true" }, cache: "no-store" });
        ended = response.status === 401 || response.redirected;
        if (response.ok && !ended) {
            known = await response.json();
            setClock(known.now);
        }
    } catch {
        // Without a network what is known goes on ringing by the timer.
    }
    // Set here and not by an interval: a browser slows down the timers of a hidden page that set one another.
    clearTimeout(pollTimer);
    pollTimer = setTimeout(poll, POLL_EVERY);
    show();
}

function pollSoon() {
    clearTimeout(pollTimer);
    pollTimer = setTimeout(poll, SOON);
}

function changedHere() {
    tellOthers();
    pollSoon();
}

// While something is being written the bar keeps silent; left alone for ten minutes it is not being written any more.
function busy() {
    const field = document.activeElement?.closest?.("dialog :is(textarea, input:not([type=checkbox], [type=radio]))");
    const filling = document.body.dataset.filling === "1" || Boolean(field?.value.trim());
    const here = filling && Date.now() - typedAt < IDLE_AFTER;
    shareBusy(here ? typedAt : 0);
    return here || busyElsewhere(IDLE_AFTER);
}

// It sounds every 15 seconds at first, every minute from the fifth, every five once it is with the head.
function rhythm(passed) {
    if (passed < 5 * MINUTE) return MINUTE / 4;
    return passed < 15 * MINUTE ? MINUTE : 5 * MINUTE;
}

const beat = (promise, moment) => {
    const passed = moment - promise.rings;
    return `${promise.id}:${promise.rings}:${rhythm(passed)}:${Math.floor(passed / rhythm(passed))}`;
};

function untilNext(promise, moment) {
    const passed = moment - promise.rings;
    if (passed >= 0) return rhythm(passed) - (passed % rhythm(passed));
    return Math.min(...[promise.shows, promise.late, promise.rings].filter((at) => at > moment)) - moment;
}

// One who is being called need not be called for: his card was opened, or his number taken, a little while ago.
const opened = (promise) => Date.now() - openedAt(promise) < OPENED_FOR;

function stageOf(promise, moment) {
    if (moment >= promise.late) return "late";
    return moment < promise.rings ? "soon" : "rings";
}

// What rings stands before what is near; of what rings the latest, unless it was opened.
function inOrder(moment) {
    const rank = (promise) => (moment < promise.rings ? 1 : opened(promise) ? 2 : 0);
    const near = known.promises.filter((promise) => moment >= promise.shows);
    return near.sort((a, b) => rank(a) - rank(b) || (rank(a) === 1 ? a.rings - b.rings : b.rings - a.rings));
}

function show() {
    const moment = now();
    const line = inOrder(moment);
    const ringing = line.filter((promise) => moment >= promise.rings && !opened(promise));
    const silent = busy();
    shown = line[0];
    bar(box, {
        words: known.words,
        icons: known.icons,
        promise: shown,
        stage: shown && stageOf(shown, moment),
        minutes: shown && Math.round(((moment < shown.rings ? shown.rings : shown.due) - moment) / MINUTE),
        more: line.length - 1 > 0 ? line.length - 1 : 0,
        listUrl: known.list_url,
        escalated: known.escalated ? { text: known.escalated_text, url: known.escalated_url } : null,
        silent: silent || !ringing.length,
        muted: !mayWeSound(),
        ended: ended ? known.sign_in_url : "",
    });
    offerNotices();
    call(ringing.length && !silent ? ringing[0] : null);
    if (ringing.length && !silent) ring(ringing, moment);
    clearTimeout(showTimer);
    showTimer = setTimeout(show, Math.max(SOON / 2, Math.min(POLL_EVERY, ...known.promises.map((p) => untilNext(p, moment)))));
}

async function ring(ringing, moment) {
    for (const promise of ringing) {
        const news = moment - promise.rings < 5 * MINUTE;
        if (news && (await claim(`notice:${promise.id}`, String(promise.rings)))) notify(promise);
    }
    const beats = ringing.map((promise) => beat(promise, moment)).join();
    if (mayWeSound() && (await claim("sound", beats))) {
        chime();
        navigator.vibrate?.([200, 100, 200]);
    }
}

function notify(promise) {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    try {
        const body = [promise.person, promise.about].filter(Boolean).join("\n");
        const tag = `promise-${promise.id}`;
        const notice = new Notification(`${promise.local}: ${promise.client}`, { body, tag, renotify: true });
        notice.onclick = () => {
            window.focus();
            notice.close();
            open(promise);
        };
    } catch {
        // A telephone shows notices through a worker only; there the bar and the sound call.
    }
}

// Nobody is asked for leave who has not pressed for it, and a page without TLS may not ask at all.
function offerNotices() {
    const may = "Notification" in window && window.isSecureContext && Notification.permission === "default";
    for (const button of document.querySelectorAll("[data-allow-notifications]")) button.hidden = !may;
}

// The title calls from among other pages, and gives way to whatever name the page gets meanwhile.
const title = { own: document.title, call: "" };

function call(promise) {
    if (document.title !== title.call) title.own = document.title;
    title.call = promise ? `(!) ${known.words.title}: ${promise.client}` : "";
    if (!promise && document.title !== title.own) document.title = title.own;
}

function tick() {
    if (title.call) {
        if (document.title !== title.call) title.own = document.title;
        document.title = document.title === title.call ? title.own : title.call;
    }
    askAfterSleep();
}

function open(promise) {
    remember(promise);
    location.assign(promise.url);
}

// Who takes a number of the client on the page is about to talk to him; a ring at that moment would spoil the talk.
function dialled() {
    const client = Number(document.querySelector("[data-client]")?.dataset.client);
    const near = known.promises.filter((each) => each.client_id === client && now() >= each.rings - OPENED_FOR);
    for (const promise of near) remember(promise);
    if (near.length) show();
}

// The forms about a promise open over the page on which one is.
const dialog = document.createElement("dialog");
dialog.id = "promise-dialog";
dialog.className = "bud-dialog";

function swapped({ detail }) {
    const told = detail.ctx?.target;
    const target = typeof told === "string" ? document.querySelector(told) : told;
    if (target === dialog && dialog.firstElementChild && !dialog.open) dialog.showModal();
    // A message under an open dialog is not seen: it is said in the dialog too.
    if (target?.id === "messages" && dialog.open && detail.ctx.response?.status >= 400) {
        dialog.querySelector(":scope > .alert")?.remove();
        dialog.prepend(target.firstElementChild.cloneNode(true));
    }
    offerNotices();
}

const acts = {
    open: (promise) => open(promise),
    snooze: (promise) => {
        const values = { seen: promise.snoozes };
        htmx.ajax("POST", promise.snooze_url, { source: box, target: "#messages", swap: "innerHTML", values });
    },
    move: (promise) => htmx.ajax("GET", promise.move_url, { source: box, target: dialog, swap: "innerHTML" }),
};

function press(event) {
    const near = (selector) => event.target.closest?.(selector);
    const act = near("[data-alarm]")?.dataset.alarm;
    if (act && shown && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        acts[act](shown);
    }
    if (near('a[href^="tel:"], [data-copy]')) dialled();
    if (near("[data-allow-notifications]")) Notification.requestPermission().then(offerNotices);
    const close = near("[data-dialog-close]");
    if (close && dialog.contains(close)) {
        event.preventDefault();
        dialog.close();
    }
    const preset = near("[data-when-on]");
    if (preset) {
        preset.form.elements.on.value = preset.dataset.whenOn;
        preset.form.elements.at.value = preset.dataset.whenAt;
    }
}

function start() {
    setClock(Number(document.body.dataset.now) * 1000);
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.replaceChildren());
    document.addEventListener("click", press);
    document.addEventListener("htmx:after:swap", swapped);
    document.addEventListener("promises-changed", () => dialog.open && dialog.close());
    // Whatever was saved may have kept a promise or made one.
    document.addEventListener("htmx:finally:request", ({ detail }) => {
        if (detail.ctx?.request?.method === "POST") changedHere();
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && poll());
    addEventListener("online", poll);
    hear(pollSoon, show);
    for (const kind of ["keydown", "pointerdown", "input"]) {
        addEventListener(kind, () => (typedAt = Date.now()), { capture: true, passive: true });
    }
    new MutationObserver(show).observe(document.body, { attributeFilter: ["data-filling"] });
    for (const kind of ["focusin", "focusout"]) document.addEventListener(kind, () => setTimeout(show));
    unlockWithGesture(show);
    setInterval(tick, TICK);
    poll();
}

if (box) start();
