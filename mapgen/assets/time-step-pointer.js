/* How a pointer or a finger reaches the marks of L.TimeStepLayer. */
L.TimeStepLayer.include({

	/** Mark at a point of the map's container, or -1: the nearest of those within reach, measured from their edges. */
	_markAt: function (point, touch) {
		var g = this._gather, best = -1, least = 0.01, at, dx, dy, d, reach = (touch ? this.options.touchHit : this.options.hit) / 2;
		if (!this._laid) { return -1; }
		at = this._map.containerPointToLayerPoint(point).subtract(this._map.latLngToLayerPoint(this._laid.corner));
		for (var m = 0; m < g.marks; m++) {
			dx = g.x[m] - at.x;
			dy = g.y[m] - at.y;
			d = Math.sqrt(dx * dx + dy * dy) - Math.max(reach, g.radius[m]);
			if (d < least) {
				least = d;
				best = m;
			}
		}
		return best;
	},

	_onMove: function (e) {
		if (this._map.dragging && this._map.dragging.moving() || window.matchMedia('(hover: none)').matches) { return; }
		this._hover(this.indexAt(e.containerPoint));
	},

	_onLeave: function () {
		this._hover(-1);
	},

	/** Tells the clock what the pointer is on, once. The pointer's own hover ends; one that a list began does not. */
	_hover: function (event) {
		if (event === this._pointed || event < 0 && !(this._pointed >= 0)) { return; }
		this._pointed = event;
		L.DomUtil[event < 0 ? 'removeClass' : 'addClass'](this._map.getContainer(), 'mg-over-mark');
		this._clock.hover(event);
	},

	_onClick: function (e) {
		var pointer = e.originalEvent && e.originalEvent.pointerType, events,
		    m = this._markAt(e.containerPoint, pointer ? pointer === 'touch' : L.Browser.mobile);
		if (m < 0) {
			// A click beside all marks closes what is open; only then it may mean the ground.
			if (this._clock.selected >= 0) { this._map.fire('timestep:open', {indices: []}); } else { this._map.fire('timestep:miss', {latlng: e.latlng}); }
			return;
		}
		events = this._eventsOf(m);
		if (this._isCount(m) && this._isSpread(m) && this._map.getZoom() < this.options.listFrom) {
			if (this.options.zoomToCount) {
				this._map.fitBounds(this._boundsOf(events), {maxZoom: this.options.listFrom, padding: [60, 60]});
				return;
			}
		} else {
			this._clock.select(this._leadOf(m));
		}
		this._map.fire('timestep:open', {indices: events});
	},

	/** Whether the events of a mark lie at several spots. */
	_isSpread: function (m) {
		var g = this._gather, spot = this._pspot[g.lead[m]];
		for (var p = g.lead[m]; p >= 0; p = g.next[p]) {
			if (this._pspot[p] !== spot) { return true; }
		}
		return false;
	},

	_boundsOf: function (events) {
		var map = this._map;
		return L.latLngBounds(events.map(function (e) {
			return map.unproject([this._wx[e] * 256, this._wy[e] * 256], 0);
		}, this));
	}
});
