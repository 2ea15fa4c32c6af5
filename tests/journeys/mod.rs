//! What people come for, in a real browser: nothing here asks the application anything but through its pages.
//!
//! Each journey owns its [`browser::Browser`]s. A step that fails leaves a picture of what was on the screen in
//! `target/journeys/`; a journey that ends well has also shown that its pages wrote nothing into the browser's
//! console, tripped no content security policy, and asked no other host for anything.

mod auditor;
mod browser;
mod chromedriver;
mod form;
mod launch;
mod leads;
mod screenshots;
mod second_factor;
mod tabs;
mod together;
mod uploads;
mod without_script;
