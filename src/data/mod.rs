//! Files in: price files (the only polars), downloads (the only reqwest), study and article files, manifests, and the study that ships inside the program.

pub mod article_file;
pub mod built_in;
pub mod configuration;
pub mod download;
pub mod load;
pub mod location;
pub mod manifest;
mod parquet_metadata;
mod parquet_page;
pub mod price_cell;
pub mod price_csv;
pub mod price_file;
pub mod price_layout;
pub mod price_parquet;
mod price_table;
pub mod study_file;
pub mod text_table;
mod thrift;
