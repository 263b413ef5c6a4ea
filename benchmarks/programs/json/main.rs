enum Value {
    Null,
    Boolean(bool),
    Number(i64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

struct Reader<'a> {
    text: &'a [u8],
    position: usize,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text[self.position]
    }

    fn blank(&mut self) {
        while self.position < self.text.len() && matches!(self.peek(), b' ' | b'\n') {
            self.position += 1;
        }
    }

    fn expect(&mut self, c: u8) {
        assert!(self.peek() == c, "{} expected at {}", c as char, self.position);
        self.position += 1;
    }

    fn word(&mut self, word: &str, value: Value) -> Value {
        word.bytes().for_each(|c| self.expect(c));
        value
    }

    fn number(&mut self) -> i64 {
        let negative = self.peek() == b'-';
        if negative {
            self.position += 1;
        }
        let mut value = 0;
        while self.position < self.text.len() && self.peek().is_ascii_digit() {
            value = value * 10 + (self.peek() - b'0') as i64;
            self.position += 1;
        }
        if negative { -value } else { value }
    }

    fn string(&mut self) -> String {
        self.expect(b'"');
        let mut text = Vec::new();
        while self.peek() != b'"' {
            let mut c = self.peek();
            if c == b'\\' {
                self.position += 1;
                c = if self.peek() == b'n' { b'\n' } else { self.peek() };
            }
            text.push(c);
            self.position += 1;
        }
        self.position += 1;
        String::from_utf8(text).unwrap()
    }

    fn items<T>(&mut self, close: u8, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        self.position += 1;
        self.blank();
        let mut items = Vec::new();
        if self.peek() == close {
            self.position += 1;
            return items;
        }
        loop {
            items.push(item(self));
            self.blank();
            if self.peek() != b',' {
                break;
            }
            self.position += 1;
        }
        self.expect(close);
        items
    }

    fn field(&mut self) -> (String, Value) {
        self.blank();
        let name = self.string();
        self.blank();
        self.expect(b':');
        (name, self.value())
    }

    fn value(&mut self) -> Value {
        self.blank();
        match self.peek() {
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Boolean(true)),
            b'f' => self.word("false", Value::Boolean(false)),
            b'"' => Value::Text(self.string()),
            b'[' => Value::List(self.items(b']', Self::value)),
            b'{' => Value::Object(self.items(b'}', Self::field)),
            _ => Value::Number(self.number()),
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => out.push_str(&n.to_string()),
        Value::Text(text) => write_text(out, text),
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (i, (name, item)) in fields.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_text(out, name);
                out.push(':');
                write(out, item);
            }
            out.push('}');
        }
    }
}

fn sum(value: &Value) -> i64 {
    match value {
        Value::Number(n) => *n,
        Value::List(items) => items.iter().map(sum).sum(),
        Value::Object(fields) => fields.iter().map(|(_, item)| sum(item)).sum(),
        _ => 0,
    }
}

fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let value = Reader { text: text.as_bytes(), position: 0 }.value();
    let mut printed = String::new();
    write(&mut printed, &value);
    let hash = printed.chars().fold(7u32, |h, c| h.wrapping_mul(31).wrapping_add(c as u32));
    println!("{} {} {}", sum(&value), printed.len(), hash);
}
