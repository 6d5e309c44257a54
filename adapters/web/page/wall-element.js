/** @param {string} name @param {string} className @param {Element} parent @returns {HTMLElement} */
export function add(name, className, parent) {
  const element = document.createElement(name);
  element.className = className;
  parent.append(element);
  return element;
}
