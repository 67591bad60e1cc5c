/* What a page cannot say in HTML: focus on an error summary, and the inbox's keys (j k o / ?). */
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".error-summary")?.focus();
});
