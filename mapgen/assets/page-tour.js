/* The guided tour of L.MapPage: stops that set date, view and layers, told in a box above the list. */
L.MapPage.include({

	/** Makes the box of the tour and the button that begins it, which stays hidden where the subject has no tour. */
	_tourBox: function () {
		this.tour = -1;
		this._tourKept = 0;
		this._tourPart = L.Texts.make('section.mg-tour', {tabindex: -1, hidden: ''});
		this._tourStart = L.Texts.make('button.mg-button.mg-tour-start', {type: 'button', hidden: '', on: {click: L.bind(function () { this._toStop(this._tourKept); }, this)}});
	},

	/** The number of a stop by its id; -1 for none. */
	_stop: function (id) {
		return id ? this.data.tour.findIndex(function (stop) { return stop.id === id; }) : -1;
	},

	/** What a stop shows, as the address tells it; the base map stays whole unless the stop names layers of it. */
	_stopState: function (k) {
		var stop = this.data.tour[k], layers = stop.layers ? stop.layers.split(',') : null, isBase = function (id) { return id.indexOf('base-') === 0; };
		if (layers && !layers.some(isBase)) { layers = layers.concat(this.tree.all().filter(isBase)); }
		return {date: stop.date, view: stop.view, layers: layers ? layers.join(',') : undefined, tour: stop.id};
	},

	/** Goes to a stop, by the button `pressed` if one was: its date, view and layers; nothing else stays filtered. */
	_toStop: function (k, pressed) {
		this._apply(this._stopState(k));
		// Who goes on keeps the button, which tells the new title.
		(pressed ? this._tourPart.querySelector('.mg-' + pressed) : this._tourPart).focus({preventScroll: true});
	},

	/** Shows the box of a stop, or the button when the tour is left. */
	_showTour: function (k) {
		this.tour = k;
		if (k >= 0) {
			this._tourKept = k;
			this._sheet(true);
		}
		this._tellTour();
	},

	_tellTour: function () {
		var t = this.texts, make = L.Texts.make, self = this, stops = this.data.tour, k = this.tour, stop = stops[k], text, leave, go = function (d) {
			return function () { if (stops[k + d]) { self._toStop(k + d, d < 0 ? 'back' : 'next'); } };
		}, turn = function (word, d, icon) {
			var last = !stops[k + d];
			return make('button.mg-button.mg-' + word + (d > 0 ? '.mg-primary' : ''), {type: 'button', title: last ? null : t.stop(k + d).title, 'aria-describedby': 'mg-stop', 'aria-disabled': last ? 'true' : null, on: {click: go(d)}},
				d < 0 ? [icon, t.word('tour.back')] : [t.word('tour.next'), icon]);
		};
		this._tourStart.hidden = !stops.length || k >= 0 || this.ui !== 'full';
		this._tourPart.hidden = k < 0;
		this._tourStart.replaceChildren(L.Texts.icon('flag', 16), t.word('tour.short'));
		this._tourStart.ariaLabel = this._tourStart.title = this._tourKept ? t.word('tour.resume', {n: this._tourKept + 1}) : t.count('tour.start', stops.length);
		if (k < 0) { return; }
		text = t.stop(k);
		this._tourPart.setAttribute('aria-label', t.word('tour.of', {n: k + 1, total: stops.length}));
		leave = make('button.mg-button.mg-plain', {type: 'button', 'aria-label': t.word('tour.leave'), title: t.word('tour.leave'), on: {click: function () {
			self._showTour(-1);
			self._write();
			self._tourStart.focus();
		}}}, L.Texts.icon('close', 16));
		this._tourPart.replaceChildren.apply(this._tourPart, [
			make('header', {}, [make('span.mg-of', {}, t.word('tour.of', {n: k + 1, total: stops.length})), leave]), make('div.mg-tour-in', {tabindex: 0}, [make('h2', {id: 'mg-stop', lang: text.lang}, text.title), text.text,
			stop.event ? make('button.mg-only', {type: 'button', on: {click: function () { self.clock.select(self._indexOfId.get(stop.event)); }}}, t.word('tour.event')) : '']),
			make('footer', {}, [turn('back', -1, L.Texts.icon('previous', 15)), turn('next', 1, L.Texts.icon('next', 15))])
		].filter(Boolean));
		this._panel.scrollTop = 0;
	}
});
