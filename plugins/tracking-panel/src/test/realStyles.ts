/** For a test about styles, as its first import: lets them into the page, from which jest-setup.js keeps them. */
Reflect.deleteProperty(document.head, 'insertBefore');
