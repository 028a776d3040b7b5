// The sound of the alarm: three soft notes made on the spot. A browser lets a page sound after the first touch.
const NOTES = [659.25, 830.61, 987.77];
const APART = 0.16;
const RINGS_OUT = 1.1;
const LOUDNESS = 0.22;
const GESTURES = ["pointerdown", "keydown"];

let audio;

export const mayWeSound = () => audio?.state === "running";

export function unlockWithGesture(then) {
    const touch = async () => {
        audio ??= "AudioContext" in window ? new AudioContext() : undefined;
        if (audio?.state === "suspended") await audio.resume().catch(() => {});
        if (!mayWeSound()) return;
        for (const kind of GESTURES) removeEventListener(kind, touch, true);
        then();
    };
    for (const kind of GESTURES) addEventListener(kind, touch, true);
    // Whoever came here by a link of ours has touched the page before: some browsers let it sound at once.
    if (navigator.userActivation?.hasBeenActive) touch();
}

export function chime() {
    const begins = audio.currentTime + 0.02;
    NOTES.forEach((pitch, place) => {
        const tone = audio.createOscillator();
        const loud = audio.createGain();
        const at = begins + place * APART;
        tone.type = "sine";
        tone.frequency.value = pitch;
        loud.gain.setValueAtTime(0.0001, at);
        loud.gain.exponentialRampToValueAtTime(LOUDNESS, at + 0.02);
        loud.gain.exponentialRampToValueAtTime(0.0001, at + RINGS_OUT);
        tone.connect(loud).connect(audio.destination);
        tone.start(at);
        tone.stop(at + RINGS_OUT);
    });
}
