// Before anything is painted: a link to another view must not show the start first.
document.documentElement.dataset.view = /^#\/\w/.test(location.hash) ? 'view' : 'start';
