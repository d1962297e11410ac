// Sets the theme before the first paint, so that a dark room is not lit up. Must agree with src/state/preferences.ts.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('fengsui.theme');
  } catch (e) {
    chosen = null;
  }
  var dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.documentElement.classList.toggle('dark', dark);
})();
