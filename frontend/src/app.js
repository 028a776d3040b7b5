import htmx from "htmx.org";

window.htmx = htmx;
import "./keys.js";
import "./outcome.js";
import "./page.js";
import "./me.js";
import "./alarm.js";
import "./team.js";
import "./talk.js";
