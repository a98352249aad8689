// The pages work without this: it adds the local time of each time, the filter, and new entries while people read.
"use strict";

const INTERVAL = 2000;
const RELOAD = 30000;

// The reader's own time of day, as the title of each time that has one.
function addLocalTimes() {
  for (const time of document.querySelectorAll("time[datetime*=T]")) {
    const moment = new Date(time.dateTime);
    if (!time.title && !Number.isNaN(moment.getTime())) {
      time.title = `${moment.toLocaleString([], { dateStyle: "medium", timeStyle: "short" })} your time`;
    }
  }
}

// Screen readers read aloud what is put into such a place, also when it is the same text again.
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

// Hides the rows, and then the sections, that do not hold all the words.
function filter(words, output) {
  let shown = 0;
  for (const row of document.querySelectorAll("table.rows tbody tr")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll("main section")) {
    section.hidden = !section.querySelector("tbody tr:not([hidden])");
  }
  say(output, words.length ? `${shown} shown` : "");
}

function applyFilter() {
  const box = document.querySelector(".filter");
  if (box) {
    const words = box.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    filter(words, box.querySelector("output"));
  }
}

function startFilter() {
  const box = document.querySelector(".filter");
  if (box?.hidden) {
    box.hidden = false;
    box.addEventListener("input", applyFilter);
  }
}

// Makes one element like a fresh one, and keeps what is alike: so the place, the focus and the scrolling stay.
function renew(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  const [here, there] = [before.findIndex(isFilter), after.findIndex(isFilter)];
  if (here >= 0 && there >= 0) {
    renewChildren(old, before.slice(0, here), after.slice(0, there), before[here]);
    renewChildren(old, before.slice(here + 1), after.slice(there + 1), null);
  } else {
    renewChildren(old, before, after, null);
  }
}

// The filter stays as it is, with its words and the focus; what stands around it is renewed.
function isFilter(node) {
  return node.className === "filter";
}

// Renews some neighbours, of which new ones come in front of the node ``next``.
function renewChildren(parent, before, after, next) {
  after.forEach((child, index) => renewChild(parent, before[index], child, next));
  before.slice(after.length).forEach((child) => child.remove());
}

function renewChild(parent, old, fresh, next) {
  if (!old) {
    parent.insertBefore(document.importNode(fresh, true), next);
  } else if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(document.importNode(fresh, true));
  } else if (old.nodeType === Node.ELEMENT_NODE) {
    renew(old, fresh);
  } else if (old.data !== fresh.data) {
    old.data = fresh.data;
  }
}

function tell(text) {
  say(document.getElementById("checked"), text);
}

const seen = { tag: "", failed: false };

// Asks for the page if it changed, and brings the content up to date in its place.
async function look() {
  const headers = seen.tag ? { "If-None-Match": seen.tag } : {};
  const answer = await fetch(location.pathname, { headers, cache: "no-store" });
  if (answer.status === 404 || answer.status === 410) {
    location.reload();
  } else if (answer.ok) {
    seen.tag = answer.headers.get("ETag") || "";
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    renew(document.querySelector("main"), fresh.querySelector("main"));
    document.title = fresh.title;
    document.body.className = fresh.body.className;
    addLocalTimes();
    startFilter();
    applyFilter();
  } else if (answer.status !== 304) {
    throw new Error(answer.statusText);
  }
}

async function watch() {
  try {
    await look();
    if (seen.failed) tell("Up to date again.");
    seen.failed = false;
  } catch {
    seen.failed = true;
    tell("The newest entries cannot be loaded; this is tried again.");
  }
  if (document.body.classList.contains("live")) setTimeout(watch, INTERVAL);
}

addLocalTimes();
startFilter();
if (document.body.classList.contains("live")) {
  if (location.protocol === "file:") {
    setTimeout(() => location.reload(), RELOAD);
  } else {
    setTimeout(watch, INTERVAL);
  }
}
