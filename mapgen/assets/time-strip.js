/**
 * The strip of bars: events per step, stacked by group, with phases above and an axis below. A picture only; the time
 * bar lays a native slider over it.
 *
 * @class L.TimeStrip
 */
L.TimeStrip = L.Class.extend({

	options: {
		// Height of the phase names, the bars and the axis, in pixels.
		phases: 18,
		bars: 58,
		axis: 30,
		// Whether phase names and axis are written; a small strip has bars only.
		mini: false
	},

	/** @param steps words of the steps are read from `steps.words[language]` */
	initialize: function (clock, groups, texts, options) {
		L.setOptions(this, options);
		this.clock = clock;
		this.groups = groups;
		this.texts = texts;
		this.canvas = document.createElement('canvas');
		this.canvas.setAttribute('aria-hidden', 'true');
	},

	/** Counts events by step and group; those whose hour is not known stand in the second half of the numbers. */
	count: function (groupOf, vague) {
		var clock = this.clock, size = this.groups.length, out = new Uint32Array(clock.count * size * 2), i;
		for (i = 0; i < clock.n; i++) {
			if (clock.mask[i]) { out[(clock.events.firstStep[i] * 2 + (vague[i] ? 1 : 0)) * size + groupOf[i]]++; }
		}
		this._counts = out;
		this._most = 1;
		// Bars of events whose hour is known set the scale; a day of others may rise above it, and is cut there.
		for (i = 0; i < clock.count; i++) { this._most = Math.max(this._most, this._sum(i, 1)); }
		for (i = 0; this._most < 2 && i < clock.count; i++) { this._most = Math.max(this._most, this._sum(i, 2)); }
		this._bitmaps = null;
		return this;
	},

	/** The events of a step: those whose hour is known, or with `parts` 2 all of them. */
	_sum: function (step, parts) {
		var size = this.groups.length, sum = 0;
		for (var k = 0; k < size * parts; k++) { sum += this._counts[step * size * 2 + k]; }
		return sum;
	},

	/** Takes a new size, theme or language: everything is drawn again. */
	reset: function () {
		this._bitmaps = this._colours = null;
		return this;
	},

	height: function () {
		return this.options.mini ? this.options.bars : this.options.phases + this.options.bars + this.options.axis;
	},

	/** The step under a distance from the left edge, in pixels. */
	at: function (x) {
		return Math.max(0, Math.min(this.clock.count - 1, Math.floor(x / this.width * this.clock.count)));
	},

	draw: function (width) {
		var ratio = Math.min(window.devicePixelRatio || 1, 2), height = this.height(), shown = this.canvas.getContext('2d'), ctx;
		if (!width) { return; }
		if (this.width !== width || this.canvas.height !== Math.round(height * ratio)) {
			this.width = width;
			this.canvas.width = Math.round(width * ratio);
			this.canvas.height = Math.round(height * ratio);
			this.canvas.style.width = width + 'px';
			this.canvas.style.height = height + 'px';
			this._bitmaps = null;
		}
		// Setting a font on a canvas in the page settles the page's style first; one outside of it does not.
		if (!this._buffer) { this._buffer = document.createElement('canvas'); }
		if (this._buffer.width !== this.canvas.width || this._buffer.height !== this.canvas.height) {
			this._buffer.width = this.canvas.width;
			this._buffer.height = this.canvas.height;
		}
		ctx = this._buffer.getContext('2d');
		if (!this._bitmaps) { this._bitmaps = [this._paintBars(ratio, 1), this._paintBars(ratio, 0.5)]; }
		ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
		ctx.clearRect(0, 0, width, height);
		this._paint(ctx, ratio);
		shown.clearRect(0, 0, this.canvas.width, this.canvas.height);
		shown.drawImage(this._buffer, 0, 0);
	},

	colour: function (name) {
		if (!this._colours) { this._colours = {}; }
		if (!this._colours[name]) {
			this._colours[name] = getComputedStyle(this.canvas).getPropertyValue('--mg-' + name).trim() || '#000';
		}
		return this._colours[name];
	},

	_font: function () {
		if (!this._family) { this._family = getComputedStyle(this.canvas).fontFamily; }
		return this._family;
	},

	_top: function () { return this.options.mini ? 0 : this.options.phases; },

	_step: function () { return this.width / this.clock.count; },

	_paintBars: function (ratio, alpha) {
		var canvas = document.createElement('canvas'), ctx = canvas.getContext('2d'), clock = this.clock, w = this._step(),
		    size = this.groups.length, base = this._top() + this.options.bars, k = (this.options.bars - 4) / this._most,
		    gap = Math.min(1, w * 0.2);
		canvas.width = this.canvas.width;
		canvas.height = this.canvas.height;
		ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
		ctx.globalAlpha = alpha;
		ctx.beginPath();
		ctx.rect(0, this._top(), this.width, this.options.bars);
		ctx.clip();
		for (var i = 0; i < clock.count; i++) {
			for (var part = 0, y = base; part < 2; part++) {
				for (var g = 0; g < size; g++) {
					var n = this._counts[(i * 2 + part) * size + g], wide = (w - gap) * (part ? 0.4 : 1);
					if (!n) { continue; }
					y -= n * k;
					ctx.fillStyle = this.colour(this.groups[g].hue);
					ctx.fillRect(i * w + gap / 2 + (w - gap - wide) / 2, y, wide, Math.max(0.8, n * k - 0.35));
				}
			}
			// What rises above the scale is cut, and shows that it is.
			if (this._sum(i, 2) > this._most) { ctx.clearRect(i * w, this._top() + 5, w, 2); }
		}
		return canvas;
	},

	_paint: function (ctx, ratio) {
		var clock = this.clock, i = clock.index, w = this._step(), top = this._top(), bars = this.options.bars, ink = this.colour('ink'),
		    span = clock.mode === 'sofar' ? i + 1 : L.TimeSteps.width(clock.mode), from = Math.max(0, i - span + 1);
		if (!this.options.mini) { this._paintPhases(ctx); }
		ctx.fillStyle = ink;
		ctx.globalAlpha = 0.12;
		ctx.fillRect(from * w, top, (i + 1 - from) * w, bars);
		ctx.globalAlpha = 1;
		this._slice(ctx, ratio, this._bitmaps[0], 0, (i + 1) * w);
		this._slice(ctx, ratio, this._bitmaps[1], (i + 1) * w, this.width);
		ctx.fillRect(0, top + bars, this.width, 1);
		if (!this.options.mini) { this._paintAxis(ctx); }
		ctx.lineWidth = 1.6;
		ctx.strokeStyle = this.colour('select');
		ctx.strokeRect(i * w - 1.4, top + 0.8, w + 2.8, bars);
		if (!this.options.mini) {
			ctx.fillStyle = this.colour('select');
			ctx.beginPath();
			ctx.moveTo((i + 0.5) * w, top + bars + 4);
			ctx.lineTo((i + 0.5) * w + 7, top + bars + 13);
			ctx.lineTo((i + 0.5) * w - 7, top + bars + 13);
			ctx.fill();
		}
	},

	_slice: function (ctx, ratio, bitmap, from, to) {
		var x = Math.round(from * ratio), width = Math.min(bitmap.width, Math.round(to * ratio)) - x;
		if (width > 0) { ctx.drawImage(bitmap, x, 0, width, bitmap.height, x / ratio, 0, width / ratio, bitmap.height / ratio); }
	},

	_paintPhases: function (ctx) {
		var clock = this.clock, w = this._step(), top = this._top(), bars = this.options.bars, now = clock.phase(clock.index), self = this,
		    ends = clock.phases.map(function (p) { return p.start; }).concat(clock.count), taken = [];
		clock.phases.forEach(function (p, k) {
			ctx.fillStyle = self.colour('ink');
			ctx.globalAlpha = k === now ? 0.07 : k % 2 ? 0 : 0.025;
			ctx.fillRect(ends[k] * w, top, (ends[k + 1] - ends[k]) * w, bars);
			ctx.globalAlpha = 1;
			ctx.fillStyle = self.colour('rule2');
			ctx.fillRect(ends[k] * w, 3, 1, top + bars - 3);
		});
		[now].concat(clock.phases.map(function (p, k) { return k; })).forEach(function (k, at) {
			if (at && k === now) { return; }
			self._paintPhase(ctx, k, ends[k] * w, ends[k + 1] * w, k === now, taken);
		});
	},

	/** Writes a phase's name in its stretch, shortened where it must be, or before it where the stretch is narrow. */
	_paintPhase: function (ctx, k, from, to, now, taken) {
		var full = this.texts.name(this.clock.phases[k].name), names = [full, full.split(' ').slice(0, 2).join(' '), full.split(' ')[0]], x, i;
		ctx.font = (now ? '650' : '400') + ' 12px ' + this._font();
		for (i = 0; i < (now ? 1 : names.length); i++) {
			var width = ctx.measureText(names[i]).width;
			x = from + 5;
			if (now) { x = Math.min(x, this.width - width); } else if (width > to - from - 8) {
				if (i || to - from > 30 || from < width + 12) { continue; }
				x = from - width - 4;
			}
			if (taken.some(function (t) { return x < t[1] + 6 && x + width + 6 > t[0]; })) { continue; }
			taken.push([x, x + width]);
			ctx.fillStyle = this.colour(now ? 'ink' : 'ink2');
			ctx.fillText(names[i], x, 12);
			return;
		}
	},

	_paintAxis: function (ctx) {
		var words = this.clock.steps.words[this.texts.language], w = this._step(), base = this._top() + this.options.bars, self = this,
		    font = this._font(), edge = (this.clock.index + 0.5) * w, taken = [[edge - 1, edge + 1]], known;
		ctx.fillStyle = this.colour('ink2');
		ctx.font = '400 11px ' + font;
		// Days only where the others leave them room.
		known = words.ticks.concat(words.days);
		// Where a phase begins is what a reader seeks first.
		this.clock.phases.slice(1).map(function (p) {
			return known.find(function (tick) { return tick[0] === p.start; }) || [p.start, self.texts.step(p.start).short];
		}).concat(known).forEach(function (tick) {
			var x = tick[0] * w, width = ctx.measureText(tick[1]).width, left = Math.min(x, self.width - width);
			ctx.fillRect(x, base, 1, 4);
			if (taken.some(function (t) { return left < t[1] + 9 && left + width + 9 > t[0]; })) { return; }
			ctx.fillText(tick[1], left, base + 14);
			taken.push([left, left + width]);
		});
		ctx.font = '400 10.5px ' + font;
		words.units.forEach(function (unit) {
			var a = unit[0] * w, b = (unit[1] + 1) * w, text = [unit[2], unit[3]].find(function (t) { return ctx.measureText(t).width < b - a - 6; });
			if (!text) { return; }
			ctx.fillStyle = self.colour('rule2');
			ctx.fillRect(a + 1, base + 18, b - a - 4, 1);
			ctx.fillStyle = self.colour('ink2');
			ctx.fillText(text, (a + b - ctx.measureText(text).width) / 2 - 1, base + 27.5);
		});
	}
});

L.timeStrip = function (clock, groups, texts, options) {
	return new L.TimeStrip(clock, groups, texts, options);
};
