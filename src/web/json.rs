//! What crosses to JavaScript, as one text: building its objects one by one takes a call, and code, for each of their properties.

use std::fmt::Display;

use serde::ser::{Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct};
use serde::ser::{SerializeTuple, Serializer};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The shortest text that reads as this number; Rust's own takes a tenth of the module.
    #[wasm_bindgen(js_name = String)]
    fn text_of(number: f64) -> String;
}

/// A value as JSON. Its maps have keys that are texts; numbers that JSON has no word for become `null`.
pub fn text(value: &impl Serialize) -> String {
    let mut json = Json(String::new());
    let Ok(()) = value.serialize(&mut json);
    json.0
}

struct Json(String);

/// Nothing goes wrong: so nothing looks whether it did.
#[derive(Debug, thiserror::Error)]
enum Never {}

impl Error for Never {
    fn custom<T: Display>(message: T) -> Never {
        panic!("{message}")
    }
}

// Each is called from hundreds of places: none is worth a copy.
impl Json {
    #[inline(never)]
    fn push(&mut self, text: &str) -> Result<(), Never> {
        self.0.push_str(text);
        Ok(())
    }

    #[inline(never)]
    fn number(&mut self, number: f64) -> Result<(), Never> {
        if number.is_finite() { self.push(&text_of(number)) } else { self.push("null") }
    }

    #[inline(never)]
    fn quote(&mut self, text: &str) -> Result<(), Never> {
        self.0.push('"');
        for sign in text.chars() {
            match sign {
                '"' | '\\' => self.0.extend(['\\', sign]),
                '\0'..' ' => {
                    let digit = |at: u32| char::from_digit(sign as u32 >> at & 15, 16);
                    self.0.push_str("\\u00");
                    self.0.extend([digit(4), digit(0)].into_iter().flatten());
                }
                _ => self.0.push(sign),
            }
        }
        self.push("\"")
    }

    /// A comma, but before the first of its kind.
    #[inline(never)]
    fn next(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }

    #[inline(never)]
    fn key(&mut self, key: &str) {
        self.next();
        let Ok(()) = self.quote(key);
        self.0.push(':');
    }
}

/// Methods that take a number.
macro_rules! numbers {
    ($($method:ident: $number:ty),+) => {
        // As JavaScript has them all: in 53 bits.
        $(fn $method(self, number: $number) -> Result<(), Never> {
            self.number(number as f64)
        })+
    };
}

impl<'a> Serializer for &'a mut Json {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = &'a mut Json;
    type SerializeTuple = &'a mut Json;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = &'a mut Json;
    type SerializeStruct = &'a mut Json;
    type SerializeStructVariant = Impossible<(), Never>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8, serialize_u16: u16,
        serialize_u32: u32, serialize_u64: u64, serialize_f32: f32, serialize_f64: f64
    }

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.push(if value { "true" } else { "false" })
    }

    fn serialize_char(self, value: char) -> Result<(), Never> {
        self.quote(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.quote(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Never> {
        unreachable!("bytes")
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.push("null")
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.push("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.push("null")
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Never> {
        self.quote(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<(), Never> {
        unreachable!("{variant}")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<&'a mut Json, Never> {
        self.push("[")?;
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<&'a mut Json, Never> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        unreachable!("a tuple struct")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        unreachable!("a tuple variant")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<&'a mut Json, Never> {
        self.push("{")?;
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<&'a mut Json, Never> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        unreachable!("{variant}")
    }
}

/// How lists and objects go on and end.
macro_rules! compounds {
    ($($compound:ident: $method:ident($($key:ident)?), $end:literal;)+) => {
        $(impl $compound for &mut Json {
            type Ok = ();
            type Error = Never;

            fn $method<T: ?Sized + Serialize>(&mut self, $($key: &'static str,)? value: &T) -> Result<(), Never> {
                compounds!(@before self $($key)?);
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Never> {
                self.push($end)
            }
        })+
    };
    (@before $json:ident $key:ident) => { $json.key($key) };
    (@before $json:ident) => { $json.next() };
}

compounds! {
    SerializeSeq: serialize_element(), "]";
    SerializeTuple: serialize_element(), "]";
    SerializeStruct: serialize_field(key), "}";
}

impl SerializeMap for &mut Json {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Never> {
        self.next();
        key.serialize(&mut **self)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Never> {
        self.push(":")?;
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        self.push("}")
    }
}
