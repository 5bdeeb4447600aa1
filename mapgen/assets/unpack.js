/**
 * Unpacks a text that was shortened, packed by bzip2 and written in base64: https://en.wikipedia.org/wiki/Bzip2#File_format.
 * Anything that is not whole, or does not agree with its own check sums, throws an Error.
 *
 * @class L.Unpack
 */
L.Unpack = L.Class.extend({

	/** @param bytes Uint8Array, one bzip2 stream */
	initialize: function (bytes) {
		this.bytes = bytes;
		this.at = 0;
		this.held = 0;
		this.count = 0;
		this.out = new Uint8Array(bytes.length * 8);
		this.size = 0;
	},

	/** Returns all bytes of the stream. */
	all: function () {
		var magic;
		if (this._bits(24) !== 0x425a68) { L.Unpack.damaged(); }
		this.most = 100000 * (this._bits(8) - 48);
		while ((magic = this._bits(24)) === 0x314159 && this._bits(24) === 0x265359) { this._block(); }
		if (magic !== 0x177245) { L.Unpack.damaged(); }
		return this.out.subarray(0, this.size);
	},

	/** The next bits as a number, 24 at most. */
	_bits: function (n) {
		while (this.count < n) {
			if (this.at >= this.bytes.length) { L.Unpack.damaged(); }
			// Only the last 24 bits and fewer count: what is above them falls out of the 32.
			this.held = this.held << 8 | this.bytes[this.at++];
			this.count += 8;
		}
		this.count -= n;
		return this.held >>> this.count & (1 << n) - 1;
	},

	_block: function () {
		var sum = this._bits(16) * 65536 + this._bits(16), randomised = this._bits(1), start = this._bits(24), from = this.size,
		    symbols, tables, turns;
		if (randomised) { L.Unpack.damaged(); }
		symbols = this._symbols();
		tables = this._bits(3);
		turns = this._turns(tables);
		tables = this._tables(tables, symbols.length + 2);
		this._write(this._columns(symbols, tables, turns), start);
		if (L.Unpack.sum(this.out, from, this.size) !== sum) { L.Unpack.damaged(); }
	},

	/** The bytes that occur in the block. */
	_symbols: function () {
		var rows = this._bits(16), found = [], i, j, row;
		for (i = 0; i < 16; i++) {
			if (rows & 0x8000 >> i) {
				row = this._bits(16);
				for (j = 0; j < 16; j++) {
					if (row & 0x8000 >> j) { found.push(i * 16 + j); }
				}
			}
		}
		return found;
	},

	/** Which table each fifty codes are written in, as positions in a list whose last one used comes first. */
	_turns: function (tables) {
		var n = this._bits(15), recent = [0, 1, 2, 3, 4, 5].slice(0, tables), found = new Uint8Array(n), i, k;
		for (i = 0; i < n; i++) {
			for (k = 0; this._bits(1);) { if (++k >= tables) { L.Unpack.damaged(); } }
			recent.unshift(recent.splice(k, 1)[0]);
			found[i] = recent[0];
		}
		return found;
	},

	/** The Huffman codes: for each length the first code, the first place of its symbols, and the symbols in order. */
	_tables: function (n, size) {
		var tables = [], lengths, length, i, k, code, table;
		for (; tables.length < n; tables.push(table)) {
			length = this._bits(5);
			lengths = [];
			for (i = 0; i < size; i++) {
				while (this._bits(1)) { length += this._bits(1) ? -1 : 1; }
				if (length < 1 || length > 20) { L.Unpack.damaged(); }
				lengths.push(length);
			}
			table = {first: [], place: [], count: [], order: []};
			for (code = 0, k = 1; k <= 20; k++, code <<= 1) {
				table.first[k] = code;
				table.place[k] = table.order.length;
				for (i = 0; i < size; i++) { if (lengths[i] === k) { table.order.push(i); } }
				table.count[k] = table.order.length - table.place[k];
				code += table.count[k];
			}
		}
		return tables;
	},

	/** The last column of the sorted block: runs and positions in a list of recent bytes, written out. */
	_columns: function (symbols, tables, turns) {
		var recent = symbols.slice(), end = symbols.length + 1, out = new Uint8Array(this.most), n = 0, run = 0, weight = 1, turn = 0,
		    left = 0, table, code, length, symbol, byte;
		for (;;) {
			if (!left--) {
				if (turn >= turns.length) { L.Unpack.damaged(); }
				table = tables[turns[turn++]];
				left = 49;
			}
			code = 0;
			length = 0;
			do {
				if (++length > 20) { L.Unpack.damaged(); }
				// Written out from `_bits`: most of the time of unpacking goes by here.
				if (!this.count) {
					if (this.at >= this.bytes.length) { L.Unpack.damaged(); }
					this.held = this.bytes[this.at++];
					this.count = 8;
				}
				code = code << 1 | this.held >>> --this.count & 1;
			} while (code - table.first[length] >= table.count[length]);
			symbol = table.order[table.place[length] + code - table.first[length]];
			if (symbol < 2) {
				run += weight << symbol;
				weight <<= 1;
			} else {
				if (run) {
					if (n + run > this.most) { L.Unpack.damaged(); }
					out.fill(recent[0], n, n += run);
					run = 0;
					weight = 1;
				}
				if (symbol === end) { return out.subarray(0, n); }
				if (n >= this.most) { L.Unpack.damaged(); }
				byte = recent[symbol - 1];
				recent.copyWithin(1, 0, symbol - 1);
				out[n++] = recent[0] = byte;
			}
			if (weight > this.most * 2) { L.Unpack.damaged(); }
		}
	},

	/** Undoes the sorting, from the row that held the block, and writes out runs: four bytes alike and how many more. */
	_write: function (column, row) {
		var n = column.length, next = new Uint32Array(n), begin = new Uint32Array(257), i, byte, last = -1, alike = 0;
		if (row >= n) { L.Unpack.damaged(); }
		for (i = 0; i < n; i++) { begin[column[i] + 1]++; }
		for (i = 0; i < 256; i++) { begin[i + 1] += begin[i]; }
		for (i = 0; i < n; i++) { next[begin[column[i]]++] = i; }
		for (i = 0; i < n; i++) {
			row = next[row];
			byte = column[row];
			if (alike === 4) {
				this._put(last, byte);
				alike = 0;
				last = -1;
			} else {
				this._put(byte, 1);
				alike = byte === last ? alike + 1 : 1;
				last = byte;
			}
		}
	},

	_put: function (byte, times) {
		if (this.size + times > this.out.length) {
			var more = new Uint8Array(this.out.length * 2 + 256);
			more.set(this.out);
			this.out = more;
		}
		if (times === 1) { this.out[this.size++] = byte; } else { this.out.fill(byte, this.size, this.size += times); }
	}
});

/** The check sum of bytes from one place to another: CRC-32, highest bit first. */
L.Unpack.sum = function (bytes, from, to) {
	var table = L.Unpack.SUMS, sum = -1, i, k, value;
	if (!table) {
		table = L.Unpack.SUMS = new Int32Array(256);
		for (i = 0; i < 256; i++) {
			for (value = i << 24, k = 0; k < 8; k++) { value = value << 1 ^ (value < 0 ? 0x04c11db7 : 0); }
			table[i] = value;
		}
	}
	for (i = from; i < to; i++) { sum = sum << 8 ^ table[sum >>> 24 ^ bytes[i]]; }
	return ~sum >>> 0;
};

L.Unpack.damaged = function () {
	throw new Error('a block of the page is damaged');
};

/** The text that a packed one holds: its first line names the words that stand as control characters in the rest. */
L.Unpack.text = function (base64) {
	var binary = atob(base64), bytes = new Uint8Array(binary.length), text, end, words;
	for (var i = 0; i < bytes.length; i++) { bytes[i] = binary.charCodeAt(i); }
	text = new TextDecoder('utf-8', {fatal: true}).decode(new L.Unpack(bytes).all());
	end = text.indexOf('\n');
	words = text.slice(0, end).split(' ');
	text = text.slice(end + 1);
	return end ? text.replace(/[\x01-\x1f]/g, function (sign) { return words[sign.charCodeAt(0) - 1]; }) : text;
};
