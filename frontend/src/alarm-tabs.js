// What several open pages of one person share: who sounds, whether a card is being filled, which promise was opened.
const PREFIX = "alarm:";
const BUSY = `${PREFIX}busy:`;
const OPENED = `${PREFIX}opened`;
const CHANGED = `${PREFIX}changed`;
const ME = Math.random().toString(36).slice(2);
const ONE_SOUND_IN = 10_000;

// A browser may forbid a page to remember anything: then each page is on its own, and rings.
function read(key) {
    try {
        return localStorage.getItem(key);
    } catch {
        return null;
    }
}

function write(key, value) {
    try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
        return true;
    } catch {
        return false;
    }
}

const pause = (time) => new Promise((resume) => setTimeout(resume, time));

function taken(key, beat) {
    const [last, at, whose] = (read(key) ?? "").split("|");
    return last === beat || (whose && whose !== ME && Date.now() - Number(at) < ONE_SOUND_IN);
}

// The page in use comes first; of two that write at once the one that wrote last stands.
export async function claim(what, beat) {
    const key = PREFIX + what;
    const mine = `${beat}|${Date.now()}|${ME}`;
    const calm = document.hasFocus() ? 0 : document.visibilityState === "visible" ? 60 : 140;
    await pause(calm + Math.random() * 40);
    if (taken(key, beat)) return false;
    if (!write(key, mine)) return true;
    await pause(20);
    return read(key) === mine;
}

// `since` is when this page was last typed in, 0 while nothing is being filled.
let told = 0;

export function shareBusy(since) {
    if (since === told) return;
    told = since;
    write(BUSY + ME, since ? String(since) : null);
}

addEventListener("pagehide", () => shareBusy(0));

export function busyElsewhere(lasts) {
    try {
        const marks = Object.keys(localStorage).filter((key) => key.startsWith(BUSY) && key !== BUSY + ME);
        return marks.some((key) => Date.now() - Number(read(key)) < lasts);
    } catch {
        return false;
    }
}

function openedOnes() {
    return JSON.parse(read(OPENED) ?? "{}");
}

export function remember({ id, rings }) {
    const day = Date.now() - 24 * 3600_000;
    const fresh = Object.entries(openedOnes()).filter(([, seen]) => seen.at > day);
    write(OPENED, JSON.stringify({ ...Object.fromEntries(fresh), [id]: { rings, at: Date.now() } }));
}

export const openedAt = ({ id, rings }) => {
    const seen = openedOnes()[id];
    return seen?.rings === rings ? seen.at : 0;
};

export const tellOthers = () => write(CHANGED, String(Date.now()));

export function hear(changed, anything) {
    addEventListener("storage", ({ key }) => {
        if (key === CHANGED) changed();
        else if (key?.startsWith(PREFIX)) anything();
    });
}
