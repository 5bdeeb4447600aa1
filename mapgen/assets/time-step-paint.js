/* How L.TimeStepLayer paints its marks, and what is under them: halos, street stretches, areas. All in px of the view. */
L.TimeStepLayer.include({

	/** Shapes by number, each once: `line` (else an area), `world` numbers, `path`; and the shape of each event or -1. */
	_readShapes: function (events) {
		var known = {}, all = [], n = this._clock.n, shape, key, shaped = [];
		this._shapeOf = new Int32Array(n).fill(-1);
		this._turn = new Float32Array(n).fill(NaN);
		for (var i = 0; i < n; i++) {
			shape = events.shape && events.shape[i];
			if (!shape) { continue; }
			key = shape.t + JSON.stringify(shape.g);
			if (!(key in known)) {
				known[key] = all.length;
				all.push({line: shape.t === 1, parts: shape.g.map(function (part) { return L.CanvasLayer.decode(part); }), path: null});
			}
			this._shapeOf[i] = known[key];
			shaped.push(i);
		}
		this._shapes = all;
		this._shaped = Int32Array.from(shaped);
		this._origin = all.length ? [all[0].parts[0][0], all[0].parts[0][1]] : [0, 0];
		this._drawnShape = new Uint8Array(all.length);
	},

	/** Path of a shape in units of 2^-20 of the world, from `_origin`. */
	_shapePath: function (shape) {
		if (!shape.path) {
			shape.path = new Path2D();
			shape.parts.forEach(function (part) {
				for (var i = 0; i < part.length; i += 2) {
					shape.path[i ? 'lineTo' : 'moveTo']((part[i] - this._origin[0]) * 1048576, (part[i + 1] - this._origin[1]) * 1048576);
				}
				if (!shape.line) { shape.path.closePath(); }
			}, this);
		}
		return shape.path;
	},

	_draw: function (ctx, view) {
		var g = this._gather, hovered = this._clock.hovered, m;
		this._readSprites(view);
		this._drawShapes(ctx, view);
		for (m = g.marks - 1; m >= 0; m--) { this._drawHalo(ctx, view, m); }
		for (m = g.marks - 1; m >= 0; m--) {
			if (m !== this._chosen && !this._isCount(m)) { this._drawSymbol(ctx, m); }
		}
		ctx.globalAlpha = 1;
		for (m = g.marks - 1; m >= 0; m--) {
			if (this._isCount(m)) { this._drawCount(ctx, m); } else if (m !== this._chosen) { this._drawBadge(ctx, m); }
		}
		m = hovered >= 0 ? this._markOf(hovered) : -1;
		if (m >= 0 && m !== this._chosen) { this._drawHovered(ctx, m); }
		if (this._chosen >= 0) { this._drawSelected(ctx, this._chosen); }
	},

	/** What all sprites of this drawing share; the table by layer, age and state is kept while it stays the same. */
	_readSprites: function (view) {
		var key = view.ratio + ' ' + this._sizes.join();
		if (this._spriteKey !== key) {
			this._spriteKey = key;
			this._table = [];
			this._how = {ratio: view.ratio, theme: this.token.bind(this)};
			this._hues = this._layers.map(function (layer) { return this.token(layer.hue || this._symbols.hue(layer.symbol)); }, this);
			this._groupHues = this._groups.map(function (group) { return this.token(group.hue); }, this);
		}
	},

	/** The picture of an event: its symbol, or its bar. */
	_sprite: function (event, bar) {
		var age = this._clock.grade[event], possible = this._clock.state[event] === 1, number = this._layer[event],
		    at = ((number * 3 + age) * 2 + (possible ? 1 : 0)) * 2 + (bar ? 1 : 0), layer = this._layers[number], how;
		if (!this._table[at]) {
			how = L.extend({
				size: bar ? 18 * this._sizes[age] / this._sizes[0] : this._sizes[age], possible: possible,
				hue: layer.hue || this._symbols.hue(layer.symbol), casing: this.options.casing
			}, this._how);
			this._table[at] = bar ? this._symbols.bar(how) : this._symbols.sprite(layer.symbol, how);
		}
		return this._table[at];
	},

	/** Puts a picture on whole device pixels, so that it stays sharp. */
	_stamp: function (ctx, picture, x, y) {
		var ratio = this._how.ratio, half = picture.half;
		ctx.drawImage(picture.canvas, Math.round((x - half) * ratio) / ratio, Math.round((y - half) * ratio) / ratio, 2 * half, 2 * half);
	},

	_drawSymbol: function (ctx, m) {
		var g = this._gather, event = this._leadOf(m), age = this._clock.grade[event], bar = this._isBar(m), picture = this._sprite(event, bar);
		ctx.globalAlpha = this.options.opacity[age];
		if (bar) {
			ctx.save();
			ctx.translate(g.x[m], g.y[m]);
			ctx.rotate(this._turnOf(event) + Math.PI / 2);
			ctx.drawImage(picture.canvas, -picture.half, -picture.half, 2 * picture.half, 2 * picture.half);
			ctx.restore();
		} else {
			this._stamp(ctx, picture, g.x[m], g.y[m]);
		}
	},

	/** The number of events of a mark that shows one symbol; it lies over all symbols. */
	_drawBadge: function (ctx, m) {
		var g = this._gather, size = this._sizes[this._ageOf(m)];
		if (g.size[m] < 2) { return; }
		if (m === this._chosen) { size = 1.5 * this._sizes[0]; }
		this._stamp(ctx, this._symbols.badge(g.size[m], this._how), g.x[m] + size * 0.3 + 5, g.y[m] - size * 0.3 - 4);
	},

	/** A count: ring in the shares of the groups, faded by the youngest event; the number never fades. */
	_drawCount: function (ctx, m) {
		var g = this._gather, x = g.x[m], y = g.y[m], r = g.radius[m], n = g.size[m];
		this._stamp(ctx, this._symbols.count(n, r, this._how), x, y);
		this._tally.fill(0);
		for (var p = g.lead[m]; p >= 0; p = g.next[p]) { this._tally[this._layers[this._layer[this._shown[p]]].group]++; }
		ctx.globalAlpha = this.options.opacity[this._ageOf(m)];
		this._drawShares(ctx, x, y, r - 1.8, n);
		ctx.globalAlpha = 1;
	},

	_drawShares: function (ctx, x, y, r, n) {
		var from = -Math.PI / 2, gap, part;
		ctx.lineWidth = 3.2;
		for (var i = 0; i < this._tally.length; i++) {
			if (!this._tally[i]) { continue; }
			part = this._tally[i] / n * 2 * Math.PI;
			gap = this._tally[i] === n ? 0 : Math.min(0.09, part / 4);
			ctx.strokeStyle = this._groupHues[i];
			ctx.beginPath();
			ctx.arc(x, y, r, from + gap, from + part - gap);
			ctx.stroke();
			from += part;
		}
	},

	_drawHovered: function (ctx, m) {
		var g = this._gather, r = g.radius[m] + 5;
		this._circle(ctx, g.x[m], g.y[m], r, 4.5, this.token('paper'));
		this._circle(ctx, g.x[m], g.y[m], r, 2, this.token('select'));
		if (!this._isCount(m)) { this._drawBadge(ctx, m); }
	},

	/** The selected event: full size and strength on a disc, with the number of events at its spot. */
	_drawSelected: function (ctx, m) {
		var g = this._gather, event = this._clock.selected, size = this._sizes[0], r = size / 2 + 6.5, layer = this._layers[this._layer[event]];
		this._circle(ctx, g.x[m], g.y[m], r, 6, this.token('paper'));
		this._disc(ctx, g.x[m], g.y[m], r, this.token('panel'));
		this._circle(ctx, g.x[m], g.y[m], r, 2.4, this.token('select'));
		this._stamp(ctx, this._symbols.sprite(layer.symbol, L.extend({
			size: size, possible: this._clock.state[event] === 1, hue: layer.hue, casing: 0
		}, this._how)), g.x[m], g.y[m]);
		this._drawBadge(ctx, m);
	},

	/** Circle of the true radius round a place that is known to so much, when it is larger than the mark. */
	_drawHalo: function (ctx, view, m) {
		var event = this._leadOf(m), r = this._halo[event] * view.scale, alpha = this.options.opacity[this._ageOf(m)];
		// Seen from afar or long past, a halo tells little and hides much.
		if (!r || this._ageOf(m) === 2 || this._shapeOf[event] >= 0 || this._isCount(m) && !this._close || r < this._gather.radius[m] + 4) { return; }
		ctx.fillStyle = ctx.strokeStyle = this._hues[this._layer[event]];
		ctx.lineWidth = 1.4;
		ctx.setLineDash([5, 4]);
		ctx.beginPath();
		ctx.arc(this._wx[event] * view.scale - view.x, this._wy[event] * view.scale - view.y, r, 0, 2 * Math.PI);
		ctx.globalAlpha = 0.09 * alpha;
		ctx.fill();
		ctx.globalAlpha = 0.8 * alpha;
		ctx.stroke();
		ctx.setLineDash([]);
		ctx.globalAlpha = 1;
	},

	/** Street stretches and areas of the visible events, each once, oldest first. */
	_drawShapes: function (ctx, view) {
		var clock = this._clock, k = view.scale / 1048576, shaped = this._shaped, alpha = this.options.opacity;
		if (!shaped.length) { return; }
		this._drawnShape.fill(0);
		ctx.save();
		ctx.setTransform(view.ratio * k, 0, 0, view.ratio * k,
			view.ratio * (this._origin[0] * view.scale - view.x), view.ratio * (this._origin[1] * view.scale - view.y));
		ctx.lineCap = ctx.lineJoin = 'round';
		for (var age = 0; age < 3; age++) {
			for (var i = 0; i < shaped.length; i++) {
				var event = shaped[i], shape = this._shapeOf[event];
				if (clock.state[event] && clock.grade[event] === age && !this._drawnShape[shape] && this._hasStretch(event, view.zoom)) {
					this._drawnShape[shape] = 1;
					ctx.fillStyle = ctx.strokeStyle = this._hues[this._layer[event]];
					this._drawShape(ctx, this._shapes[shape], k, view.zoom, alpha[age]);
				}
			}
		}
		ctx.restore();
	},

	_drawShape: function (ctx, shape, k, zoom, alpha) {
		var path = this._shapePath(shape);
		if (shape.line) {
			ctx.globalAlpha = 0.3 * alpha;
			ctx.lineWidth = (L.TimeStepLayer.streetWidth(zoom) + 4) / k;
			ctx.stroke(path);
		} else {
			ctx.globalAlpha = 0.09 * alpha;
			ctx.fill(path, 'evenodd');
			ctx.globalAlpha = 0.8 * alpha;
			ctx.lineWidth = 1.4 / k;
			ctx.setLineDash([5 / k, 4 / k]);
			ctx.stroke(path);
			ctx.setLineDash([]);
		}
	},

	/** A stretch is short from afar, and a bar that stands exactly somewhere needs its street only to lie across it. */
	_hasStretch: function (event, zoom) {
		if (!this._shapes[this._shapeOf[event]].line) { return true; }
		return (zoom >= this.options.stretches || event === this._clock.selected || event === this._clock.hovered) &&
			(this._precision[event] > 0 || this._layers[this._layer[event]].symbol !== this.options.barSymbol);
	},

	/** Whether a mark is drawn as a bar across its street. */
	_isBar: function (m) {
		var event = this._leadOf(m);
		return this._close && m !== this._chosen && this._gather.size[m] === 1 && this._shapeOf[event] >= 0 &&
			this._layers[this._layer[event]].symbol === this.options.barSymbol && this._shapes[this._shapeOf[event]].line;
	},

	/** Direction of the street at an event, radians from east, clockwise: that of the nearest piece of its line. */
	_turnOf: function (event) {
		if (isNaN(this._turn[event])) {
			this._turn[event] = L.TimeStepLayer.direction(this._shapes[this._shapeOf[event]].parts, this._wx[event], this._wy[event]);
		}
		return this._turn[event];
	},

	_disc: function (ctx, x, y, r, colour) {
		ctx.fillStyle = colour;
		ctx.beginPath();
		ctx.arc(x, y, r, 0, 2 * Math.PI);
		ctx.fill();
	},

	_circle: function (ctx, x, y, r, width, colour) {
		ctx.strokeStyle = colour;
		ctx.lineWidth = width;
		ctx.beginPath();
		ctx.arc(x, y, r, 0, 2 * Math.PI);
		ctx.stroke();
	}
});

/** Width in px of a minor street at a zoom, as the base map draws it. */
L.TimeStepLayer.streetWidth = function (zoom) {
	return zoom < 14.2 ? Math.pow(2, 0.7 * (zoom - 13)) : 5 * Math.pow(2, zoom - 15.2);
};

/** Direction of the piece of some lines (x, y in turn) that passes nearest to a point. */
L.TimeStepLayer.direction = function (lines, x, y) {
	var least = Infinity, turn = 0;
	lines.forEach(function (line) {
		for (var i = 2; i < line.length; i += 2) {
			var dx = line[i] - line[i - 2], dy = line[i + 1] - line[i - 1], square = dx * dx + dy * dy,
			    t = square ? Math.max(0, Math.min(1, ((x - line[i - 2]) * dx + (y - line[i - 1]) * dy) / square)) : 0,
			    ex = line[i - 2] + t * dx - x, ey = line[i - 1] + t * dy - y, d = ex * ex + ey * ey;
			if (square && d < least) {
				least = d;
				turn = Math.atan2(dy, dx);
			}
		}
	});
	return turn;
};
