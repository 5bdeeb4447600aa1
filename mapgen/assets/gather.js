/**
 * Gathers near points into marks and pushes marks apart that touch. Typed arrays only: nothing is made anew for a step.
 *
 * Points come in order, weightiest first: the first of a mark leads it. A point joins the nearest mark whose leader lies
 * within `reach`, so the result does not depend on where the view begins.
 *
 * @class L.Gather
 * @inherits L.Class
 */
L.Gather = L.Class.extend({

	options: {
		// Free space in px that is left between marks when they are pushed apart.
		gap: 2.5,
		// How often marks are pushed at most; it ends earlier when none touch.
		rounds: 10,
		// Most pushes of a mark in all, which bounds the time: the more marks, the fewer rounds, with too many none.
		pushes: 8000
	},

	/** @param {Number} capacity how many points come at most. */
	initialize: function (capacity, options) {
		L.setOptions(this, options);
		// Number of marks. Of a mark: its leading point, how many points it has, its last point.
		this.marks = 0;
		this.lead = new Int32Array(capacity);
		this.size = new Int32Array(capacity);
		this._tail = new Int32Array(capacity);
		// Of a point: the next one of the same mark, or -1.
		this.next = new Int32Array(capacity);
		// Of a mark: where it is drawn and its radius, px. A radius of 0 or less leaves it alone; a pinned one pushes, but stays.
		this.x = new Float32Array(capacity);
		this.y = new Float32Array(capacity);
		this.radius = new Float32Array(capacity);
		this.pinned = new Uint8Array(capacity);
		// Where a mark belongs before it is pushed.
		this.homeX = new Float32Array(capacity);
		this.homeY = new Float32Array(capacity);
		// The grid: newest mark of each cell, and for each mark the one before it in its cell.
		this._cells = new Int32Array(0);
		this._before = new Int32Array(capacity);
	},

	/**
	 * Gathers `n` points that lie within `reach` px. Points of the spot `alone` (the selected one's; -1: none) make a mark of
	 * their own, whatever is near.
	 *
	 * @param {Float32Array} x
	 * @param {Float32Array} y px
	 * @param {Int32Array} spot number of the place of each point: the same number, the same place
	 */
	near: function (n, x, y, spot, reach, alone) {
		var own = -1, best, cell;
		this.marks = 0;
		this._ruled(n, x, y, Math.max(reach, 1));
		for (var i = 0; i < n; i++) {
			this.next[i] = -1;
			if (spot[i] === alone) {
				if (own < 0) { own = this._open(i, x, y); } else { this._join(own, i); }
				continue;
			}
			cell = this._cell(x[i], y[i]);
			best = this._nearest(cell, x[i], y[i], reach);
			if (best >= 0) {
				this._join(best, i);
			} else {
				best = this._open(i, x, y);
				this._before[best] = this._cells[cell];
				this._cells[cell] = best;
			}
		}
	},

	/**
	 * Gathers points of the same place only.
	 *
	 * @param {Int32Array} markOf scratch of one entry per place
	 */
	spots: function (n, x, y, spot, markOf) {
		this.marks = 0;
		for (var i = 0; i < n; i++) { markOf[spot[i]] = -1; }
		for (i = 0; i < n; i++) {
			this.next[i] = -1;
			if (markOf[spot[i]] < 0) {
				markOf[spot[i]] = this._open(i, x, y);
			} else {
				this._join(markOf[spot[i]], i);
			}
		}
	},

	/** Pushes marks that touch apart, each by at most its own radius from where it belongs. */
	push: function () {
		var n = this.marks, widest = 0, rounds = Math.min(this.options.rounds, Math.floor(this.options.pushes / n));
		for (var m = 0; m < n; m++) {
			this.homeX[m] = this.x[m];
			this.homeY[m] = this.y[m];
			widest = Math.max(widest, this.radius[m]);
		}
		for (var round = 0; round < rounds; round++) {
			this._ruled(n, this.x, this.y, 2 * widest + this.options.gap);
			if (!this._pushAll(n)) { break; }
			for (m = 0; m < n; m++) { this._hold(m); }
		}
	},

	/** Puts a mark back where it belongs. */
	restore: function (m) {
		this.x[m] = this.homeX[m];
		this.y[m] = this.homeY[m];
	},

	_open: function (i, x, y) {
		var m = this.marks++;
		this.lead[m] = this._tail[m] = i;
		this.size[m] = 1;
		this.x[m] = x[i];
		this.y[m] = y[i];
		return m;
	},

	_join: function (m, i) {
		this.next[this._tail[m]] = i;
		this._tail[m] = i;
		this.size[m]++;
	},

	/** Lays an empty grid of cells of a side over the first `n` points, with one cell to spare round it. */
	_ruled: function (n, x, y, side) {
		var left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
		for (var i = 0; i < n; i++) {
			if (x[i] < left) { left = x[i]; }
			if (x[i] > right) { right = x[i]; }
			if (y[i] < top) { top = y[i]; }
			if (y[i] > bottom) { bottom = y[i]; }
		}
		this._side = side;
		this._left = left - side;
		this._top = top - side;
		this._columns = n ? Math.floor((right - this._left) / side) + 2 : 0;
		i = n ? this._columns * (Math.floor((bottom - this._top) / side) + 2) : 0;
		if (this._cells.length < i) { this._cells = new Int32Array(i); }
		this._cells.fill(-1);
	},

	_cell: function (x, y) {
		return Math.floor((y - this._top) / this._side) * this._columns + Math.floor((x - this._left) / this._side);
	},

	/** Mark whose leader is nearest to a point and within reach, or -1. */
	_nearest: function (cell, x, y, reach) {
		var best = -1, least = reach * reach, dx, dy, d;
		for (var row = -1; row <= 1; row++) {
			for (var c = cell + row * this._columns - 1, end = c + 2; c <= end; c++) {
				for (var m = this._cells[c]; m >= 0; m = this._before[m]) {
					dx = this.x[m] - x;
					dy = this.y[m] - y;
					d = dx * dx + dy * dy;
					if (d <= least) {
						least = d;
						best = m;
					}
				}
			}
		}
		return best;
	},

	/** One round: each mark against those put into the grid before it. Returns whether any two touched. */
	_pushAll: function (n) {
		var touched = false, cell;
		for (var m = 0; m < n; m++) {
			if (this.radius[m] <= 0) { continue; }
			cell = this._cell(this.x[m], this.y[m]);
			for (var row = -1; row <= 1; row++) {
				for (var c = cell + row * this._columns - 1, end = c + 2; c <= end; c++) {
					for (var o = this._cells[c]; o >= 0; o = this._before[o]) {
						if (this._pushPair(m, o)) { touched = true; }
					}
				}
			}
			this._before[m] = this._cells[cell];
			this._cells[cell] = m;
		}
		return touched;
	},

	/** Moves two marks apart when they touch: half each, or one all of it when the other is pinned. */
	_pushPair: function (a, b) {
		var dx = this.x[b] - this.x[a], dy = this.y[b] - this.y[a], room = this.radius[a] + this.radius[b] + this.options.gap,
		    square = dx * dx + dy * dy, d, move, share;
		if (square >= room * room - 0.05) { return false; }
		d = Math.sqrt(square);
		if (d < 0.01) {
			// The same place: part them at an angle that is always the same for the pair.
			dx = Math.cos(a * 2.4);
			dy = Math.sin(a * 2.4);
			d = 1;
			move = room;
		} else {
			move = room - d;
		}
		share = this.pinned[a] === this.pinned[b] ? 0.5 : this.pinned[a];
		if (!this.pinned[a]) {
			this.x[a] -= dx / d * move * (1 - share);
			this.y[a] -= dy / d * move * (1 - share);
		}
		if (!this.pinned[b]) {
			this.x[b] += dx / d * move * share;
			this.y[b] += dy / d * move * share;
		}
		return true;
	},

	/** Keeps a mark within its own radius of where it belongs. */
	_hold: function (m) {
		var dx = this.x[m] - this.homeX[m], dy = this.y[m] - this.homeY[m], d = Math.sqrt(dx * dx + dy * dy), most = this.radius[m];
		if (d > most) {
			this.x[m] = this.homeX[m] + dx / d * most;
			this.y[m] = this.homeY[m] + dy / d * most;
		}
	}
});

/** Factory of `L.Gather`. */
L.gather = function (capacity, options) {
	return new L.Gather(capacity, options);
};
