// In a form that came back, the first invalid field gets the focus, unless the page already sets one.

if (!document.querySelector("[autofocus]")) document.querySelector('main [aria-invalid="true"]')?.focus();
