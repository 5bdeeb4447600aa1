/**
 * Where words fit along a line: streets and rivers. Coordinates in px, lines as [x, y, x, y, ...].
 *
 * @namespace L.LineText
 */
L.LineText = {

	// A corner sharper than this (cosine of the turn) ends a stretch that can carry words.
	CORNER: 0.8,

	// Px between two places that are tried on one stretch.
	STEP: 56,

	/** Joins lines that end where another begins (within `near`): the same ways as few long lines. */
	join: function (lines, near) {
		lines = lines.map(function (line) { return Array.prototype.slice.call(line); });
		for (var i = 0; i < lines.length; i++) {
			for (var j = 0; j < lines.length; j++) {
				var joined = i !== j && lines[i] && lines[j] && L.LineText._tie(lines[i], lines[j], near);
				if (joined) {
					lines[i] = joined;
					lines[j] = null;
					j = -1;
				}
			}
		}
		return lines.filter(Boolean);
	},

	// The two lines as one when an end of `b`, either way round, meets the end of `a`.
	_tie: function (a, b, near) {
		var x = a[a.length - 2], y = a[a.length - 1], n = b.length;
		if (Math.abs(x - b[0]) < near && Math.abs(y - b[1]) < near) { return a.concat(b.slice(2)); }
		if (Math.abs(x - b[n - 2]) < near && Math.abs(y - b[n - 1]) < near) { return a.concat(L.LineText.reverse(b).slice(2)); }
		return null;
	},

	reverse: function (line) {
		var out = [];
		for (var i = line.length - 2; i >= 0; i -= 2) { out.push(line[i], line[i + 1]); }
		return out;
	},

	/** Cuts a line at its sharp corners. */
	split: function (line) {
		var out = [], part = [line[0], line[1]];
		for (var i = 2; i < line.length; i += 2) {
			part.push(line[i], line[i + 1]);
			if (i + 2 < line.length) {
				var ax = line[i] - line[i - 2], ay = line[i + 1] - line[i - 1], bx = line[i + 2] - line[i], by = line[i + 3] - line[i + 1],
				    cos = (ax * bx + ay * by) / (Math.sqrt((ax * ax + ay * ay) * (bx * bx + by * by)) || 1);
				if (cos < L.LineText.CORNER) {
					out.push(part);
					part = [line[i], line[i + 1]];
				}
			}
		}
		out.push(part);
		return out;
	},

	/** Calls a function (x, y) for the first point of a line and then every `step` px along it. */
	along: function (line, step, fn) {
		var lengths = L.LineText.lengths(line), total = lengths[lengths.length - 1];
		fn(line[0], line[1]);
		for (var d = step; d < total; d += step) {
			var p = L.LineText.at(line, lengths, d);
			fn(p[0], p[1]);
		}
	},

	/** Length of the line up to each of its points. */
	lengths: function (line) {
		var out = [0];
		for (var i = 2; i < line.length; i += 2) {
			out.push(out[out.length - 1] + Math.sqrt(Math.pow(line[i] - line[i - 2], 2) + Math.pow(line[i + 1] - line[i - 1], 2)));
		}
		return out;
	},

	/** The point at a distance along a line: [x, y, angle]. */
	at: function (line, lengths, distance) {
		var lo = 1, hi = lengths.length - 1;
		while (lo < hi) {
			var mid = (lo + hi) >> 1;
			if (lengths[mid] < distance) { lo = mid + 1; } else { hi = mid; }
		}
		var i = lo * 2, d = lengths[lo] - lengths[lo - 1] || 1, f = (distance - lengths[lo - 1]) / d,
		    dx = line[i] - line[i - 2], dy = line[i + 1] - line[i - 1];
		return [line[i - 2] + dx * f, line[i - 1] + dy * f, Math.atan2(dy, dx)];
	},

	/**
	 * The places for words of a width on a set of lines, the middle of the longest stretch first:
	 * [{line, lengths, from}], `from` the distance at which the words begin. Words run to the right, or upwards.
	 */
	spots: function (lines, width, margin) {
		var stretches = [], spots = [];
		lines.forEach(function (line) {
			L.LineText.split(line).forEach(function (part) {
				var lengths = L.LineText.lengths(part), total = lengths[lengths.length - 1];
				if (total >= width + 2 * margin) { stretches.push({line: part, total: total}); }
			});
		});
		stretches.sort(function (a, b) { return b.total - a.total; });
		stretches.forEach(function (s) {
			var room = (s.total - width) / 2 - margin, middle = (s.total - width) / 2,
			    step = Math.max(14, Math.min(L.LineText.STEP, room / 3)), backwards = L.LineText.reverse(s.line),
			    forth = L.LineText.lengths(s.line), back = L.LineText.lengths(backwards);
			for (var i = 0; i * step <= room; i++) {
				for (var sign = i ? -1 : 1; sign <= 1; sign += 2) {
					var from = middle + sign * i * step;
					if (L.LineText._readable(s.line, forth, from, width)) {
						spots.push({line: s.line, lengths: forth, from: from});
					} else {
						spots.push({line: backwards, lengths: back, from: s.total - from - width});
					}
				}
			}
		});
		return spots;
	},

	_readable: function (line, lengths, from, width) {
		var a = L.LineText.at(line, lengths, from), b = L.LineText.at(line, lengths, from + width), dx = b[0] - a[0], dy = b[1] - a[1];
		return Math.abs(dx) < 0.12 * Math.abs(dy) ? dy < 0 : dx > 0;
	},

	/**
	 * Lays words on a spot: {x, y, angle} when the line is straight enough to write them in one go,
	 * else {glyphs: [[x, y, angle]]} for each letter; with `boxes`, the squares they take.
	 * @param advances distance of the middle of each letter from the start
	 */
	lay: function (spot, width, size, advances) {
		var out = {boxes: []}, half = size * 0.5, middle = L.LineText.at(spot.line, spot.lengths, spot.from + width / 2),
		    a = L.LineText.at(spot.line, spot.lengths, spot.from), b = L.LineText.at(spot.line, spot.lengths, spot.from + width),
		    ux = (b[0] - a[0]) / width, uy = (b[1] - a[1]) / width, bend = 0;
		for (var d = half; d < width + half; d += size * 0.8) {
			var p = L.LineText.at(spot.line, spot.lengths, spot.from + Math.min(d, width - half / 2));
			out.boxes.push([p[0] - half, p[1] - half, p[0] + half, p[1] + half]);
			bend = Math.max(bend, Math.abs((p[0] - a[0]) * uy - (p[1] - a[1]) * ux));
		}
		if (bend < 1.6) {
			out.x = (a[0] + b[0]) / 2;
			out.y = (a[1] + b[1]) / 2;
			out.angle = Math.atan2(uy, ux);
		} else {
			out.x = middle[0];
			out.y = middle[1];
			out.glyphs = advances.map(function (advance) { return L.LineText._glyph(spot, advance, size); });
		}
		return out;
	},

	// A letter leans with the line as it runs over its own width, so that small kinks do not shake it.
	_glyph: function (spot, advance, size) {
		var total = spot.lengths[spot.lengths.length - 1], d = spot.from + advance,
		    p = L.LineText.at(spot.line, spot.lengths, Math.max(0, d - size * 0.6)),
		    q = L.LineText.at(spot.line, spot.lengths, Math.min(total, d + size * 0.6)), r = L.LineText.at(spot.line, spot.lengths, d);
		return [(r[0] * 2 + p[0] + q[0]) / 4, (r[1] * 2 + p[1] + q[1]) / 4, Math.atan2(q[1] - p[1], q[0] - p[0])];
	}
};
