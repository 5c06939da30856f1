//! The program on the entries that it carries.

use onrecord::{app::App, config::DataConfig};

/// In a folder of its own.
pub fn shipped(folder: &std::path::Path) -> App {
    let config = DataConfig {
        database: folder.join("onrecord.db"),
        index: folder.join("onrecord.db.index"),
        shipped_data: true,
    };
    App::open(&config).unwrap()
}
