// What the theme leaves without a name or a role, for those who listen to the page.
document.addEventListener("DOMContentLoaded", () => {
  for (const summary of document.querySelectorAll(".bd-sidebar-primary summary")) {
    const page = summary.closest("li").querySelector("a");
    summary.setAttribute("aria-label", `Pages of ${page.textContent.trim()}`);
  }
  document.querySelector(".navbar-brand")?.parentElement.setAttribute("role", "banner");
  // A long signature is laid out as a list of definitions without terms.
  for (const item of document.querySelectorAll(".sig dl, .sig dl dd")) item.setAttribute("role", "none");
  // What scrolls can be reached and scrolled with the keyboard.
  for (const wide of document.querySelectorAll(".cell_output .output, .pst-scrollable-table-container, pre, mjx-container")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
});
