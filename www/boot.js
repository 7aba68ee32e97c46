/** Runs before the page is drawn: a figure that is to stand alone must not show the article first, nor a dark page a light one. */
{
  const query = new URLSearchParams(location.search);
  const root = document.documentElement;
  const figure = query.get("figure");
  const theme = query.get("theme");
  if (figure !== null) root.dataset.figure = figure;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
}
