//! User journeys in a real browser: every request goes through the application's pages.
//!
//! Each journey owns its [`browser::Browser`]s. A failing step saves a picture of the screen in `target/journeys/`; a
//! successful journey has also shown that its pages wrote nothing into the browser's console, violated no content
//! security policy, and requested nothing from another host.

mod another_launch;
mod auditor;
mod browser;
mod driver_process;
mod engine;
mod every_page;
mod figures;
mod form;
mod launch;
mod leads;
mod lost_forms;
mod outline;
mod page_routes;
mod palette;
mod phone;
mod screenshots;
mod second_factor;
mod tabs;
mod two_people;
mod uploads;
mod without_script;
