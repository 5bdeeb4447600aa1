/**
 * Writes words on a canvas: in rows, turned, spaced or letter by letter along a bend, with their halo below them;
 * and measures them, once for each font.
 *
 * @class L.NamePen
 */
L.NamePen = L.Class.extend({

	initialize: function () {
		this._widths = new Map();
		this._font = '';
		this._ruler = document.createElement('canvas').getContext('2d');
	},

	/** Width in px of words whose letters stand `spacing` px apart. */
	measure: function (text, font, spacing) {
		var key = font + text, width = this._widths.get(key);
		if (width === undefined) {
			if (this._font !== font) { this._ruler.font = this._font = font; }
			width = this._ruler.measureText(text).width;
			this._widths.set(key, width);
		}
		return width + spacing * (text.length - 1);
	},

	/** Distance in px of the middle of each letter from the beginning. */
	advances: function (text, font, spacing) {
		var out = [], before = 0;
		for (var i = 0; i < text.length; i++) {
			var after = this.measure(text.slice(0, i + 1), font, 0);
			out.push((before + after) / 2 + spacing * i);
			before = after;
		}
		return out;
	},

	/** Takes a canvas to write on; `ratio` is the pixels of the screen in a px. */
	begin: function (ctx, ratio) {
		this._ctx = ctx;
		this._ratio = ratio;
		ctx.lineJoin = 'round';
		ctx.textAlign = 'center';
		ctx.textBaseline = 'alphabetic';
	},

	/** Leaves the canvas as it was found. */
	end: function () {
		this._ctx.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
		this._ctx.globalAlpha = 1;
	},

	/**
	 * Writes a name that was given its place.
	 * @param item {name: {text}, ready: {font, size, spacing, rows}, spot: {x, y, angle or glyphs}, x, y}
	 * @param style {colour, alpha, halo, haloWidth, band}; without a halo there is none; `band` px of it lie under the whole name
	 */
	write: function (item, style) {
		this._ctx.font = item.ready.font;
		this._ctx.globalAlpha = style.alpha;
		if (style.halo) {
			this._ctx.strokeStyle = style.halo;
			this._ctx.lineWidth = style.haloWidth;
			this._letters(item, 'strokeText');
			if (style.band) { this._band(item, style.band); }
		}
		this._ctx.fillStyle = style.colour;
		this._letters(item, 'fillText');
	},

	// A border that runs in a street would show between the words, as if they were joined by hyphens.
	_band: function (item, width) {
		var ctx = this._ctx, spot = item.spot, half = this.measure(item.name.text, item.ready.font, item.ready.spacing) / 2;
		ctx.lineWidth = width;
		ctx.beginPath();
		if (spot.glyphs) {
			this._turn(item.x - spot.x, item.y - spot.y, 0);
			spot.glyphs.forEach(function (g) { ctx.lineTo(g[0], g[1]); });
		} else {
			this._turn(item.x, item.y, spot.angle || 0);
			ctx.moveTo(-half, 0);
			ctx.lineTo(half, 0);
		}
		ctx.stroke();
	},

	_letters: function (item, method) {
		var ctx = this._ctx, size = item.ready.size, spot = item.spot, rows = item.ready.rows, down = size * 0.32;
		if (spot.glyphs) {
			spot.glyphs.forEach(function (g, i) {
				this._turn(item.x - spot.x + g[0], item.y - spot.y + g[1], g[2]);
				ctx[method](item.name.text[i], 0, down);
			}, this);
			return;
		}
		this._turn(item.x, item.y, spot.angle || 0);
		rows.forEach(function (row, i) { this._row(item, method, row, down + (i - (rows.length - 1) / 2) * size * 1.2); }, this);
	},

	_row: function (item, method, row, y) {
		var ctx = this._ctx, spacing = item.ready.spacing, font = item.ready.font;
		if (!spacing) {
			ctx[method](row, 0, y);
			return;
		}
		var half = this.measure(row, font, spacing) / 2;
		this.advances(row, font, spacing).forEach(function (x, i) { ctx[method](row[i], x - half, y); });
	},

	// Puts the origin of the canvas at a pixel, turned by an angle.
	_turn: function (x, y, angle) {
		var r = this._ratio, cos = Math.cos(angle) * r, sin = Math.sin(angle) * r;
		this._ctx.setTransform(cos, sin, -sin, cos, x * r, y * r);
	}
});
