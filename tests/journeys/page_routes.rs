//! The routes that are pages, and the addresses that belong to them.

use std::collections::BTreeSet;

use reqwest::Method;
use signoff::{app, web::route::Route};

/// The routes that answer with something else than a page, by the end of their path.
const NO_PAGES: [&str; 15] = [
    "/healthz",
    "/readyz",
    "/{*name}",
    "/live",
    "/rows",
    "/file",
    "/thumbnail",
    "/preview",
    "/calendars/{token}",
    // Redirects.
    "/as-of",
    "/checklists/{id}",
    "/draft/sections/{node}",
    "/draft/items/{node}",
    // Only somebody who has just given a password, and has a second factor, is asked for the code.
    "/login/code",
    // There while there is no account.
    "/setup/{token}",
];

fn is_page(route: &Route) -> bool {
    let file = route.path.rsplit('/').next().unwrap_or_default();
    route.method == Method::GET && !file.contains('.') && !NO_PAGES.iter().any(|end| route.path.ends_with(end))
}

/// The paths of all pages, as their routes name them.
pub(super) fn list_pages() -> Vec<&'static str> {
    app::routes().iter().filter(|route| is_page(route)).map(|route| route.path).collect()
}

/// The page among these to which an address belongs: `/launches/new` is not a launch.
pub(super) fn find_page(pages: &[&'static str], address: &str) -> Option<&'static str> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    // How many parts are the route's own words; nothing if it is not one of its addresses.
    let words_in_common = |route: &&'static str| {
        let names: Vec<&str> = route.split('/').collect();
        let is_same = parts.len() == names.len()
            && names.iter().zip(&parts).all(|(name, part)| name == part || name.starts_with('{') && !part.is_empty());
        is_same.then(|| (names.iter().zip(&parts).filter(|(name, part)| name == part).count(), *route))
    };
    pages.iter().filter_map(words_in_common).max().map(|(_, route)| route)
}

/// The pages to which none of these addresses belongs.
pub(super) fn find_pages_without_address(addresses: &[String]) -> Vec<&'static str> {
    let pages = list_pages();
    let found: BTreeSet<&str> = addresses.iter().filter_map(|address| find_page(&pages, address)).collect();
    pages.into_iter().filter(|page| !found.contains(page)).collect()
}
