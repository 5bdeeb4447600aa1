/**
 * The family of symbols: draws one into a cached canvas for the map, or builds it as SVG for lists and legends.
 *
 * Both come from the same geometry on a grid of 24: `d` silhouette, `cut` areas in the ground colour, `line` strokes
 * `lw` wide, `over` filled again on top, `small` the same fields for sizes under `smallBelow`. Certain is filled.
 * Possible is outlined: the outline lies round the whole silhouette, so that parts that overlap show no seam.
 *
 * @class L.Symbols
 * @inherits L.Class
 */
L.Symbols = L.Class.extend({

	options: {
		// Side of the grid that the symbols are drawn on.
		grid: 24,
		// Width in px of the line round a possible symbol.
		outline: 1.3,
		// Sizes in px under this one take the simpler drawing.
		smallBelow: 17,
		// Tokens of the ground that shows through a symbol, and of the casing round it.
		ground: 'panel',
		casing: 'paper'
	},

	/** @param {Object} symbols geometry by id: the `symbols` of symbols.json. */
	initialize: function (symbols, options) {
		L.setOptions(this, options);
		this._symbols = symbols;
		this._paths = {};
		this._sprites = {};
	},

	/** Whether the family has a symbol of this id; one that it has not is drawn as a plain disc. */
	has: function (id) {
		return Object.prototype.hasOwnProperty.call(this._symbols, id);
	},

	/** Token of the hue that a symbol has by itself. */
	hue: function (id) {
		return this.has(id) ? this._symbols[id].hue : 'ink';
	},

	/**
	 * A symbol as a canvas with nothing else on it, made once for each set of options.
	 *
	 * @param {String} id
	 * @param {Object} how `size` px, `possible`, `hue` token (else the symbol's own), `casing` px (0: none),
	 * `ratio` device pixels a px, `theme` function from token to colour
	 * @returns {{canvas: HTMLCanvasElement, half: Number}} `half`: half the side of the canvas in px
	 */
	sprite: function (id, how) {
		var theme = how.theme, ratio = how.ratio || 1, casing = how.casing || 0,
		    look = {hue: theme(how.hue || this.hue(id)), ground: theme(this.options.ground), casing: theme(this.options.casing)},
		    key = [id, how.size, how.possible ? 1 : 0, casing, ratio, look.hue, look.ground, look.casing].join(' ');
		if (!this._sprites[key]) {
			this._sprites[key] = L.Symbols.canvas(how.size / 2 + casing + 1, ratio, function (ctx) {
				this._draw(ctx, id, how.size, how.possible, casing, look);
			}, this);
		}
		return this._sprites[key];
	},

	/** A barricade as a bar across its street, lying along x; options as for `sprite`, `size` is the length in px. */
	bar: function (how) {
		var theme = how.theme, hue = theme(how.hue), ground = theme(this.options.ground), paper = theme(this.options.casing),
		    w = how.size, h = w / 3, casing = how.casing || 0, line = how.possible ? this.options.outline : 0,
		    key = ['|bar', w, line, casing, how.ratio, hue, ground, paper].join(' ');
		return this._sprites[key] || (this._sprites[key] = L.Symbols.canvas(w / 2 + casing + 1, how.ratio || 1, function (ctx) {
			ctx.fillStyle = paper;
			ctx.fillRect(-w / 2 - casing, -h / 2 - casing, w + 2 * casing, h + 2 * casing);
			ctx.fillStyle = hue;
			ctx.fillRect(-w / 2, -h / 2, w, h);
			ctx.fillStyle = ground;
			ctx.fillRect(-w / 2 + line, -h / 2 + line, line ? w - 2 * line : 0, h - 2 * line);
			ctx.fillStyle = line ? hue : ground;
			ctx.fillRect(-w / 6 - 0.6, -h / 2, 1.2, h);
			ctx.fillRect(w / 6 - 0.6, -h / 2, 1.2, h);
		}));
	},

	/** A number on a disc of ink, as wide as it must be; `how`: `ratio`, `theme`, whose `sans` names the type. */
	badge: function (number, how) {
		var theme = how.theme, ink = theme('ink'), ground = theme(this.options.ground), paper = theme(this.options.casing),
		    text = L.Symbols.short(number), wide = (text.length - 1) * 3,
		    key = ['|badge', text, how.ratio, ink, ground, paper].join(' ');
		return this._sprites[key] || (this._sprites[key] = L.Symbols.canvas(9 + wide, how.ratio || 1, function (ctx) {
			[[paper, 7.7], [ink, 6.8]].forEach(function (disc) {
				ctx.fillStyle = disc[0];
				ctx.beginPath();
				ctx.arc(-wide, 0, disc[1], Math.PI / 2, Math.PI * 1.5);
				ctx.arc(wide, 0, disc[1], -Math.PI / 2, Math.PI / 2);
				ctx.fill();
			});
			ctx.fillStyle = ground;
			ctx.font = '700 10px ' + theme('sans');
			ctx.textAlign = 'center';
			ctx.fillText(text, 0, 3.6);
		}));
	},

	/** The ground of a count of a radius in px, with its number; the ring is for the caller. `how` as for `badge`. */
	count: function (number, radius, how) {
		var theme = how.theme, ink = theme('ink'), ground = theme(this.options.ground), paper = theme(this.options.casing),
		    text = L.Symbols.short(number), key = ['|count', text, radius, how.ratio, ink, ground, paper].join(' ');
		return this._sprites[key] || (this._sprites[key] = L.Symbols.canvas(radius + 2.6, how.ratio || 1, function (ctx) {
			[[paper, radius + 1.6], [ground, radius]].forEach(function (disc) {
				ctx.fillStyle = disc[0];
				ctx.beginPath();
				ctx.arc(0, 0, disc[1], 0, 2 * Math.PI);
				ctx.fill();
			});
			ctx.fillStyle = ink;
			ctx.font = '650 ' + (text.length < 3 ? 12.5 : 11) + 'px ' + theme('sans');
			ctx.textAlign = 'center';
			ctx.fillText(text, 0, text.length < 3 ? 4.4 : 3.9);
		}));
	},

	/**
	 * A symbol as an SVG element for lists and legends. Its colours follow the theme by themselves; a row with another
	 * ground sets `--mg-symbol-ground`.
	 *
	 * @param {Object} how `size` px, `possible`, `hue` token (else the symbol's own), `className`
	 */
	svg: function (id, how) {
		var size = how && how.size || 20, possible = how && how.possible, grid = this.options.grid, part = this._part(id, size),
		    hue = 'var(--mg-' + (how && how.hue || this.hue(id)) + ')', ground = 'var(--mg-symbol-ground, var(--mg-' + this.options.ground + '))',
		    root = L.Symbols.element('svg', {
		    	width: size, height: size, viewBox: [0, 0, grid, grid].join(' '), 'aria-hidden': 'true', focusable: 'false',
		    	'class': how && how.className || 'mg-symbol', overflow: 'visible'
		    }), box = L.Symbols.element('g', {transform: this._shrink(size, possible), 'stroke-linejoin': 'round'}, root);
		this._strokes(part, size, possible).forEach(function (s) {
			var colour = s.ground ? ground : hue;
			L.Symbols.element('path', s.width ?
				{d: part[s.d], fill: 'none', stroke: colour, 'stroke-width': +s.width.toFixed(3)} :
				{d: part[s.d], fill: colour}, box);
		});
		return root;
	},

	/** Forgets the canvases made so far, such as when the theme changes for good. */
	clear: function () {
		this._sprites = {};
		return this;
	},

	/** Geometry for a size: the simpler drawing when it is small. */
	_part: function (id, size) {
		var symbol = this.has(id) ? this._symbols[id] : L.Symbols.UNKNOWN;
		return size < this.options.smallBelow && symbol.small || symbol;
	},

	/** The same geometry as Path2D objects. */
	_path: function (id, size) {
		var part = this._part(id, size), key = id + (part === this._symbols[id] ? '' : '|small');
		if (!this._paths[key]) {
			this._paths[key] = {lw: part.lw};
			['d', 'cut', 'line', 'over'].forEach(function (name) {
				this._paths[key][name] = part[name] ? new Path2D(part[name]) : null;
			}, this);
		}
		return this._paths[key];
	},

	/** Scale about the middle that makes an outlined symbol look as large as the filled one. */
	_scale: function (size, possible) {
		return possible ? 1 - this.options.outline / size : 1;
	},

	_shrink: function (size, possible) {
		var k = this._scale(size, possible), move = this.options.grid / 2 * (1 - k);
		return 'translate(' + move.toFixed(3) + ' ' + move.toFixed(3) + ') scale(' + k.toFixed(4) + ')';
	},

	/**
	 * What is painted, in order, whatever paints it: `d` names the geometry, `width` (grid units) makes it a stroke, `ground`
	 * takes the ground colour in place of the hue.
	 */
	_strokes: function (part, size, possible) {
		var line = this.options.outline * this.options.grid / size / this._scale(size, possible), small = size < this.options.smallBelow,
		    out = possible ? [{d: 'd', width: 2 * line}, {d: 'd', ground: true}] : [{d: 'd'}];
		if (part.cut) {
			if (possible && !part.over && small) {
				out.push({d: 'cut'});
			} else {
				if (possible && !part.over) { out.push({d: 'cut', width: line * 1.5}); }
				out.push({d: 'cut', ground: true});
			}
		}
		if (part.line) { out.push({d: 'line', width: possible ? Math.min(part.lw, line) : part.lw, ground: !possible}); }
		if (part.over) { out.push({d: 'over'}); }
		return out;
	},

	/** Paints a symbol round 0, 0. */
	_draw: function (ctx, id, size, possible, casing, look) {
		var path = this._path(id, size), k = size / this.options.grid * this._scale(size, possible), half = this.options.grid / 2;
		ctx.scale(k, k);
		ctx.translate(-half, -half);
		ctx.lineJoin = 'round';
		if (casing) {
			ctx.fillStyle = ctx.strokeStyle = look.casing;
			ctx.lineWidth = 2 * (casing + (possible ? this.options.outline : 0)) / k;
			['d', 'over'].forEach(function (name) {
				if (path[name]) {
					ctx.stroke(path[name]);
					ctx.fill(path[name]);
				}
			});
		}
		this._strokes(path, size, possible).forEach(function (s) {
			ctx.fillStyle = ctx.strokeStyle = s.ground ? look.ground : look.hue;
			ctx.lineWidth = s.width || 1;
			if (s.width) { ctx.stroke(path[s.d]); } else { ctx.fill(path[s.d]); }
		});
	}
});

/** What stands for a symbol that the family has not. */
L.Symbols.UNKNOWN = {hue: 'ink', d: 'M12 5a7 7 0 1 1 0 14a7 7 0 1 1 0-14z', cut: '', line: '', over: '', lw: 1.7};

/** A square canvas, `half` px from its middle to its edge, painted by a function whose 0, 0 is the middle. */
L.Symbols.canvas = function (half, ratio, paint, context) {
	var canvas = document.createElement('canvas'), side = Math.ceil(2 * half * ratio), ctx;
	side += side % 2;
	canvas.width = canvas.height = side;
	ctx = canvas.getContext('2d');
	ctx.setTransform(ratio, 0, 0, ratio, side / 2, side / 2);
	paint.call(context, ctx);
	return {canvas: canvas, half: side / 2 / ratio};
};

/** A count in few characters: 128, 3.1k, 30k. */
L.Symbols.short = function (number) {
	return number < 1000 ? String(number) : +(number / 1000).toFixed(number < 10000 ? 1 : 0) + 'k';
};

/** An SVG element with its attributes, within a parent when there is one. */
L.Symbols.element = function (name, attributes, parent) {
	var element = document.createElementNS('http://www.w3.org/2000/svg', name);
	Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
	return parent ? parent.appendChild(element) : element;
};

/** Factory of `L.Symbols`. */
L.symbols = function (symbols, options) {
	return new L.Symbols(symbols, options);
};
