fn main() {
    let loaded = aftermove::data::built_in::load().unwrap();
    let result = loaded.study.run(&loaded.book, loaded.provenance).unwrap();
    println!("{}", serde_json::to_string_pretty(&result).unwrap());
}
