// A form that came back starts where it is wrong, unless the page already says where to start.

if (!document.querySelector("[autofocus]")) document.querySelector('main [aria-invalid="true"]')?.focus();
