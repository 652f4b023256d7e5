# program: Chromium (Debian chromium)
# asks: a file and an answer, read by a page of another origin; a page of the site, refused
# expects: 224 lines, range, refused
cat > page.html <<HTML
<p id="p"></p><script>
const text = (path) => fetch("$SITE" + path).then((answer) => answer.text());
(async () => {
  const lines = (await text("/projects/export.csv")).trim().split("\n").length;
  const found = JSON.parse(await text("/api/v1/answers/?scope=global&region=africa"));
  p.textContent = lines + " lines, " + found.answer.state + await text("/").catch(() => ", refused");
})();</script>
HTML
chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=9000 --dump-dom page.html |
  sed -n 's/.*<p id="p">\([^<]*\).*/\1/p'
