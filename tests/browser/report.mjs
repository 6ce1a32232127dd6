// Opens a report in headless Chromium at phone and desktop width and on paper: no console error, no request, no sideways scroll, every chart
// there, tables readable by a screen reader.
//
//   npm install --no-save --no-package-lock playwright-core@1.64.1
//   node tests/browser/report.mjs charts/cloudflare-kiwi-farms-2022/report.html [folder for screenshots]
import { chromium } from "playwright-core";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [report, screenshots] = process.argv.slice(2);
if (!report || !existsSync(report)) {
  console.error("usage: node report.mjs REPORT.html [SCREENSHOT_FOLDER]");
  process.exit(2);
}
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const address = pathToFileURL(resolve(report)).href;
let passed = 0;
let failed = 0;

function check(what, holds, found = "") {
  if (holds) {
    passed += 1;
  } else {
    failed += 1;
    console.error(`FAILED ${what} ${found}`);
  }
}

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
for (const [name, width, height] of [["phone", 390, 844], ["small phone", 320, 640], ["tablet", 800, 1100], ["desktop", 1280, 900]]) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
  const complaints = [];
  const requests = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => !request.url().startsWith("data:") && requests.push(request.url()));
  await page.goto(address, { waitUntil: "load" });
  const seen = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    images: [...document.images].map((image) => ({ there: image.complete && image.naturalWidth > 0, alt: image.alt, width: image.getBoundingClientRect().width, drawn: image.naturalWidth })),
    headings: document.querySelectorAll("h1").length,
    tables: [...document.querySelectorAll("table")].map((table) => table.caption !== null && table.querySelectorAll("th[scope]").length > 0),
    anchors: [...document.querySelectorAll("nav a")].map((link) => document.querySelector(link.getAttribute("href")) !== null),
    language: document.documentElement.lang,
    small: [...document.querySelectorAll("p, td, th, caption")].filter((element) => parseFloat(getComputedStyle(element).fontSize) < 12).length,
  }));
  check(`${name}: no complaint on the console`, complaints.length === 0, complaints.join("; "));
  check(`${name}: no request but the file itself`, requests.length === 1, requests.join(" "));
  check(`${name}: no sideways scroll`, seen.scroll <= 0, `${seen.scroll} px too wide`);
  check(`${name}: charts are there`, seen.images.length >= 7 && seen.images.every((image) => image.there && image.width > 0), JSON.stringify(seen.images.length));
  check(`${name}: every chart is told in words`, seen.images.every((image) => image.alt.length > 20));
  check(`${name}: the drawing for its width`, seen.images.every((image) => (width <= 640 ? image.drawn === 900 : image.drawn === 1600)));
  check(`${name}: one title, a language`, seen.headings === 1 && seen.language === "en");
  check(`${name}: tables have captions and heads`, seen.tables.length >= 5 && seen.tables.every(Boolean));
  check(`${name}: every link of the navigation leads somewhere`, seen.anchors.length >= 3 && seen.anchors.every(Boolean));
  check(`${name}: no tiny text`, name === "desktop" || seen.small <= 3, `${seen.small} elements below 12 px`);
  if (screenshots) {
    await page.screenshot({ path: join(screenshots, `${name.replace(" ", "-")}.png`), fullPage: true });
  }
  await page.close();
}
const paper = await browser.newPage();
await paper.goto(address, { waitUntil: "load" });
const pdf = await paper.pdf({ format: "A4", printBackground: true, ...(screenshots ? { path: join(screenshots, "paper.pdf") } : {}) });
check("paper: it prints", pdf.length > 50_000, `${pdf.length} bytes`);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
