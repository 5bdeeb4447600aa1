/**
 * The events of the shown interval: symbols by age, counts where they stand close, halos and shapes where the place is
 * known only roughly. It follows a clock and draws once a frame; which events stand together is worked out again only
 * when the clock, the selection or the view changes. How marks are
 * painted: time-step-paint.js. How a pointer reaches them: time-step-pointer.js.
 *
 * Fires `layout` when marks have moved (see `boxes`), and on the map `timestep:open` with `indices`: the events of the mark
 * that was chosen, in the order in which they are told, or none when the reader chose nothing.
 *
 * @class L.TimeStepLayer
 * @inherits L.CanvasLayer
 */
L.TimeStepLayer = L.CanvasLayer.extend({

	options: {
		zIndex: 8,
		className: 'mg-events',
		// Size in px of a symbol that goes on now, was last seen a step ago, earlier; and how opaque it is.
		sizes: [20, 16, 13],
		opacity: [1, 0.78, 0.58],
		// The same from the zoom `close` on, and on maps less than `narrow` px wide.
		closeSizes: [24, 20, 17],
		narrowSizes: [19, 16, 13],
		close: 15,
		narrow: 600,
		// Distance in px within which symbols gather; from the zoom `close` on only those of the same spot do.
		reach: 19,
		narrowReach: 24,
		// With more points than this in view they gather by distance at every zoom, and within `crowdReach` px: nobody can
		// read so many symbols.
		crowd: 4000,
		crowdReach: 32,
		// Up to so many events are the leading symbol with a number; more are a count. From the zoom `close` on all are.
		badges: 3,
		// Radius in px of a count from so many events on.
		countRadius: [[1, 11], [10, 13.5], [30, 16], [1000, 18.5]],
		// Casing round symbols, px.
		casing: 1.8,
		// Radius in metres from which a place gets its halo, and the same for a place known to its street.
		haloFrom: 100,
		streetHaloFrom: 60,
		// Bins that are no district: a quarter or district outside the districts is drawn as a point.
		unbinned: ['city', 'outside', 'unplaced'],
		// Symbol that lies across its street from the zoom `close` on.
		barSymbol: 'barricade',
		// Zoom from which the stretches of streets are drawn of events that are neither chosen nor pointed at.
		stretches: 14.2,
		// Whether a click on a count of several spots zooms in, below the zoom `listFrom`, in place of opening them.
		zoomToCount: false,
		listFrom: 17,
		// Diameter in px of what a pointer and a finger hit at least.
		hit: 24,
		touchHit: 44,
		// function (ax, ay, bx, by) in world units: whether the way crosses a line that no mark may be pushed over.
		crosses: null
	},

	/**
	 * @param {L.Evented} clock `n`, `state`, `grade`, `order`, `selected`, `hovered`, `select(i)`, `hover(i)`
	 * @param {Object} data `events` (columns), `layers`, `groups`, `symbols` (an `L.Symbols` or its geometry)
	 */
	initialize: function (clock, data, options) {
		L.setOptions(this, options);
		this._clock = clock;
		this._layers = data.layers;
		this._groups = data.groups;
		this._symbols = data.symbols instanceof L.Symbols ? data.symbols : L.symbols(data.symbols);
		this._gather = L.gather(clock.n);
		this._list = new Int32Array(clock.n);
		this._shown = new Int32Array(clock.n);
		this._px = new Float32Array(clock.n);
		this._py = new Float32Array(clock.n);
		this._pspot = new Int32Array(clock.n);
		this._tally = new Int32Array(data.groups.length);
		this._readPlaces(data.events);
		this._readShapes(data.events);
		this._stale = true;
	},

	onAdd: function (map) {
		this._stale = true;
		L.CanvasLayer.prototype.onAdd.call(this, map);
		this._clock.on('change filter select', this._onChange, this).on('hover', this.redraw, this);
	},

	onRemove: function (map) {
		this._clock.off('change filter select', this._onChange, this).off('hover', this.redraw, this);
		this._onLeave();
		L.CanvasLayer.prototype.onRemove.call(this, map);
	},

	getEvents: function () {
		return L.extend(L.CanvasLayer.prototype.getEvents.call(this), {
			mousemove: this._onMove, mouseout: this._onLeave, click: this._onClick
		});
	},

	/** Boxes of the marks drawn, in px of the view: left, top, right, bottom of each in turn. */
	boxes: function () {
		var g = this._gather, out = new Float32Array(g.marks * 4);
		for (var m = 0; m < g.marks; m++) {
			var r = this._reachOf(m), extra = g.size[m] > 1 && !this._isCount(m) ? 4 : 0;
			out[m * 4] = g.x[m] - r;
			out[m * 4 + 1] = g.y[m] - r - extra;
			out[m * 4 + 2] = g.x[m] + r + extra;
			out[m * 4 + 3] = g.y[m] + r;
		}
		return out;
	},

	/** The marks drawn, for tests: kind, place and radius in px of the map, events in the order they are told. */
	marks: function () {
		var out = [], g = this._gather;
		for (var m = 0; m < g.marks; m++) {
			out.push({
				kind: m === this._chosen ? 'selected' : this._isCount(m) ? 'count' : this._isBar(m) ? 'bar' : 'symbol',
				lead: this._leadOf(m), events: this._eventsOf(m), radius: g.radius[m],
				x: g.x[m] - this._view.pad.x, y: g.y[m] - this._view.pad.y
			});
		}
		return out;
	},

	/** Event that leads the mark at a point of the map's container, or -1; `touch`: a finger points. */
	indexAt: function (point, touch) {
		var m = this._markAt(point, touch);
		return m < 0 ? -1 : this._leadOf(m);
	},

	retheme: function () {
		this._spriteKey = null;
		return L.CanvasLayer.prototype.retheme.call(this);
	},

	/** Places as typed arrays: world x and y, whether it is drawn as a point, radius in world units, number of the spot. */
	_readPlaces: function (events) {
		var n = this._clock.n, spots = new Map(), key, lat;
		this._wx = new Float64Array(n);
		this._wy = new Float64Array(n);
		this._dot = new Uint8Array(n);
		this._halo = new Float64Array(n);
		this._spot = new Int32Array(n);
		this._layer = Uint16Array.from(events.layer);
		this._precision = Uint8Array.from(events.precision);
		for (var i = 0; i < n; i++) {
			if (events.lon[i] === null || events.lat[i] === null) { continue; }
			lat = events.lat[i] / 1e5;
			this._wx[i] = L.CanvasLayer.worldX(events.lon[i] / 1e5);
			this._wy[i] = L.CanvasLayer.worldY(lat);
			this._dot[i] = this._isDot(events.precision[i], events.bin[i]) ? 1 : 0;
			if (events.radius[i] >= this.options.haloFrom || events.precision[i] === 1 && events.radius[i] > this.options.streetHaloFrom) {
				this._halo[i] = events.radius[i] / (40075016.7 * Math.cos(lat * Math.PI / 180));
			}
			key = events.lon[i] * 2e7 + events.lat[i];
			if (!spots.has(key)) { spots.set(key, spots.size); }
			this._spot[i] = spots.get(key);
		}
		this._markOfSpot = new Int32Array(spots.size + 1);
	},

	/** Building and street are points; quarter and district only where no district can be hatched; city and region never. */
	_isDot: function (precision, bin) {
		return bin !== 'unplaced' && (precision < 2 || precision < 4 && this.options.unbinned.indexOf(bin) >= 0);
	},

	_onChange: function () {
		this._stale = true;
		this.redraw();
	},

	_paint: function (ctx, view) {
		var last = this._laid, moved = !last || last.x !== view.x || last.y !== view.y || last.zoom !== view.zoom ||
			last.width !== view.width || last.height !== view.height;
		if (this._stale || moved) {
			this._layout(view);
			this._laid = view;
			this._stale = false;
			this._draw(ctx, view);
			this.fire('layout');
		} else {
			this._draw(ctx, view);
		}
	},

	/** Works out the marks of a view. */
	_layout: function (view) {
		var g = this._gather, selected = this._clock.selected, n,
		    narrow = this._map.getSize().x < this.options.narrow, o = this.options;
		this._close = view.zoom >= o.close;
		this._sizes = this._close ? o.closeSizes : narrow ? o.narrowSizes : o.sizes;
		n = this._collect(view);
		selected = selected >= 0 && this._clock.state[selected] && this._dot[selected] ? this._spot[selected] : -1;
		if (this._close && n <= o.crowd) {
			g.spots(n, this._px, this._py, this._pspot, this._markOfSpot);
		} else {
			g.near(n, this._px, this._py, this._pspot, n > o.crowd ? o.crowdReach : narrow ? o.narrowReach : o.reach, selected);
		}
		this._chosen = -1;
		for (var m = 0; m < g.marks; m++) {
			if (selected === this._pspot[g.lead[m]] && this._holds(m, this._clock.selected)) { this._chosen = m; }
		}
		for (m = 0; m < g.marks; m++) { this._placeMark(m); }
		g.push();
		if (o.crosses) { this._holdBack(view); }
	},

	/** Visible points of a view, youngest and then weightiest first, into `_shown`, `_px`, `_py`, `_pspot`. */
	_collect: function (view) {
		var clock = this._clock, state = clock.state, age = clock.grade, order = clock.order, list = this._list, n = 0, at = [0, 0, 0, 0],
		    s = view.scale, right = view.width + 30, bottom = view.height + 30, i, e, x, y;
		for (i = clock.n - 1; i >= 0; i--) {
			e = order[i];
			if (!state[e] || !this._dot[e]) { continue; }
			x = this._wx[e] * s - view.x;
			y = this._wy[e] * s - view.y;
			if (x < -30 || y < -30 || x > right || y > bottom) { continue; }
			list[n++] = e;
			at[age[e] + 1]++;
		}
		at[2] += at[1];
		for (i = 0; i < n; i++) {
			e = list[i];
			x = at[age[e]]++;
			this._shown[x] = e;
			this._px[x] = this._wx[e] * s - view.x;
			this._py[x] = this._wy[e] * s - view.y;
			this._pspot[x] = this._spot[e];
		}
		return n;
	},

	/** Radius of a mark, whether it stays, and for a count the middle of its events. */
	_placeMark: function (m) {
		var g = this._gather, x = 0, y = 0;
		g.pinned[m] = 0;
		if (m === this._chosen) {
			g.radius[m] = this._sizes[0] / 2 + 7.7;
			g.pinned[m] = 1;
		} else if (this._isCount(m)) {
			g.radius[m] = this._countRadius(g.size[m]);
			for (var p = g.lead[m]; p >= 0; p = g.next[p]) {
				x += this._px[p];
				y += this._py[p];
			}
			g.x[m] = x / g.size[m];
			g.y[m] = y / g.size[m];
		} else {
			g.radius[m] = this._sizes[this._ageOf(m)] / 2 + (g.size[m] > 1 ? 4 : 0.5);
			g.pinned[m] = this._isBar(m) ? 1 : 0;
		}
	},

	_countRadius: function (n) {
		var steps = this.options.countRadius, radius = steps[0][1];
		for (var i = 0; i < steps.length && steps[i][0] <= n; i++) { radius = steps[i][1]; }
		return radius;
	},

	/** Puts back marks that were pushed over the line of `crosses`. */
	_holdBack: function (view) {
		var g = this._gather, wx, wy;
		for (var m = 0; m < g.marks; m++) {
			wx = (g.x[m] + view.x) / view.scale;
			wy = (g.y[m] + view.y) / view.scale;
			if (this.options.crosses((g.homeX[m] + view.x) / view.scale, (g.homeY[m] + view.y) / view.scale, wx, wy)) { g.restore(m); }
		}
	},

	_isCount: function (m) {
		return m !== this._chosen && this._gather.size[m] > (this._close ? 1 : this.options.badges);
	},

	/** Event whose symbol a mark shows: the selected one, else the first. */
	_leadOf: function (m) {
		return m === this._chosen ? this._clock.selected : this._shown[this._gather.lead[m]];
	},

	_ageOf: function (m) {
		return this._clock.grade[this._leadOf(m)];
	},

	_eventsOf: function (m) {
		var out = [];
		for (var p = this._gather.lead[m]; p >= 0; p = this._gather.next[p]) { out.push(this._shown[p]); }
		return out;
	},

	_holds: function (m, event) {
		for (var p = this._gather.lead[m]; p >= 0; p = this._gather.next[p]) {
			if (this._shown[p] === event) { return true; }
		}
		return false;
	},

	/** Mark that shows or holds an event, or -1. */
	_markOf: function (event) {
		for (var m = 0; m < this._gather.marks; m++) {
			if (this._holds(m, event)) { return m; }
		}
		return -1;
	},

	_reachOf: function (m) {
		return this._gather.radius[m] + (m === this._chosen ? 2 : this.options.casing);
	}
});

/** Factory of `L.TimeStepLayer`. */
L.timeStepLayer = function (clock, data, options) {
	return new L.TimeStepLayer(clock, data, options);
};
