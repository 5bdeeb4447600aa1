/* Language and panel of L.MapPage. */
L.MapPage.include({

	// --- Language ---

	_relabel: function () {
		var t = this.texts, head = document.querySelector('.mg-head');
		this.root.lang = t.language;
		this._skip.textContent = t.word('skip');
		document.title = head.querySelector('h1').textContent = document.querySelector('.mg-credit b').textContent = t.name(this.data.title);
		this._offerLanguages(head.querySelector('.mg-langs'));
		this._fitTitle(head.querySelector('h1'));
		this._panel.firstChild.textContent = '';
		this._panel.firstChild.append(L.Texts.make('span', {}, t.word('list')));
		this._panel.setAttribute('aria-label', t.word('list'));
		this._fold.setAttribute('aria-label', t.word('list'));
		this.map.getContainer().setAttribute('aria-label', t.word('map'));
		this.map.getContainer().setAttribute('role', 'region');
		this._open.lastChild.textContent = t.word(window.innerWidth < 480 ? 'open_short' : 'open_full');
		Array.prototype.forEach.call(this._zoom.children, function (button, k) { button.setAttribute('aria-label', t.word(k ? 'zoom_out' : 'zoom_in')); });
		this._north.setAttribute('aria-label', t.word('north'));
		this._north.lastChild.textContent = t.word('north_mark');
		this._ruler._update();
		this.bar.relabel();
		if (this.ui === 'full') { this.tree.relabel(); this.share.relabel(); }
		this._relabelFinder();
		this.list.redraw();
		this.key.redraw();
		this._showChips();
		this._showTray();
		this._tellTour();
		this._showZones();
		this._say('');
		this.card.retell();
	},

	/** Lets a long title shrink a little, then take two lines, rather than be cut. */
	_fitTitle: function (title) {
		title.style.fontSize = title.style.whiteSpace = '';
		var size = parseFloat(getComputedStyle(title).fontSize), least = 0.77 * size;
		// Step by step: where letters are as wide as whole px, width does not follow size.
		while (title.scrollWidth > title.clientWidth && size > least) { title.style.fontSize = (size -= .5) + 'px'; }
		if (title.scrollWidth > title.clientWidth) { title.style.whiteSpace = 'normal'; }
	},

	/** Makes the buttons anew; the focus stays on the one that was pressed. */
	_offerLanguages: function (box) {
		var focused = box.contains(document.activeElement);
		box.replaceChildren.apply(box, this._languageButtons());
		if (focused) { box.querySelector('[aria-pressed=true]').focus(); }
	},

	_languageButtons: function () {
		var self = this, out = [];
		this.data.languages.forEach(function (code, k) {
			if (k) { out.push(' · '); }
			out.push(L.Texts.make('button', {type: 'button', lang: code, 'aria-pressed': code === self.language,
				title: self.data.words[code].language, on: {click: function () { self._speak(code, true); }}}, code.toUpperCase()));
		});
		return this.data.languages.length > 1 ? out : [];
	},

	/** Changes the language; what the reader picks is written to the address. */
	_speak: function (code, picked) {
		if (code === this.language) { return; }
		this.language = this.texts.language = code;
		this._relabel();
		if (picked) {
			var query = new URLSearchParams(location.search);
			query.set('lang', code);
			try { history.replaceState(null, '', '?' + query + location.hash); } catch (e) { /* a frame without an address */ }
		}
	},

	// --- Panel ---

	_onOpen: function (e) {
		this._here = e.indices.length > 1 ? e.indices : null;
		if (!e.indices.length) { this.clock.select(-1); } else if (e.indices.indexOf(this.clock.selected) < 0) { this.clock.select(e.indices[0]); }
		else { this._showCard(); }
	},

	_showCard: function () {
		var i = this.clock.selected, open = i >= 0, was = this._panel.classList.contains('mg-has-card'), now = document.activeElement;
		if (open && !was) { this._from = now; }
		this._panel.classList.toggle('mg-has-card', open);
		this._seeList();
		if (!open) {
			this._here = null;
			if (was) { this._giveBack(); }
			this._leaveNear();
			return;
		}
		if (this._here && this._here.indexOf(i) < 0) { this._here = null; }
		var among = this._here || (this.search.open ? this.search.found : this.list.shown());
		this.card.show(i, among.indexOf(i) < 0 ? [i] : among, !!this._here);
		this._sheet(true);
		this._setFolded(false);
		this._reveal(i);
		// A page that opens with a card leaves the focus at its top.
		if (this.api && (!was || document.activeElement === document.body)) { this.card.container.focus({preventScroll: true}); }
	},

	/** Moves the map, once the panel has its size, when the place of event i is outside of what it shows free. */
	_reveal: function (i) {
		var events = this.data.events, map = this.map, self = this, point;
		if (this._steady || events.lon[i] === null || events.precision[i] > 3) { return; }
		point = L.latLng(events.lat[i] / 1e5, events.lon[i] / 1e5);
		L.Util.requestAnimFrame(function () {
			if (self._goNear(point)) { return; }
			var size = map.getSize(), at = map.latLngToContainerPoint(point), over = self.ui === 'compact' ? Math.min(self._panel.offsetWidth, size.x - 60) : 0, free = size.x - over;
			if (at.x > over + 0.08 * free && at.x < size.x - 0.08 * free && at.y > 0.08 * size.y && at.y < 0.92 * size.y) { return; }
			self._moved();
			map.panBy([at.x - over - free / 2, at.y - size.y / 2], {animate: false});
		});
	},

	/** On a phone, where a card leaves little of the map, shows the place from near until the card is closed. */
	_goNear: function (point) {
		if (this.ui !== 'full' || this.map.getSize().x >= 480 || this._viewed && !this._near) { return false; }
		this._near = this._viewed = true;
		this._named = [Math.max(this.pointer.options.fine - 1, this.map.getZoom()), point.lat, point.lng];
		this._resize();
		return true;
	},

	_leaveNear: function () {
		if (!this._near) { return; }
		this._near = this._viewed = false;
		this._named = null;
		this._fit();
		this._write();
	},

	/** What the map cannot show as a point: counted below it. */
	_showTray: function () {
		var clock = this.clock, events = this.data.events, n = {area: 0, city: 0, none: 0}, t = this.texts;
		for (var i = 0; i < clock.n; i++) {
			if (!clock.state[i]) { continue; }
			var p = events.precision[i];
			if (p < 0) { n.none++; } else if (p > 3) { n.city++; } else if (p > 1) { n.area++; }
		}
		this._tray.replaceChildren.apply(this._tray, Object.keys(n).filter(function (key) { return n[key]; }).map(function (key) {
			return L.Texts.make('span.mg-tray-' + key, {}, t.word('tray.' + key, {n: t.number(n[key])}));
		}));
	},

	/** The filters that hide something, each with a button that takes it away. */
	_showChips: function () {
		var self = this, f = this.filter, t = this.texts, chip = function (text, clear) {
			return L.Texts.make('button.mg-chip', {type: 'button', 'aria-label': t.join([text, t.word('close')]), on: {click: function () { clear(); self._filter(); (self._chips.firstChild || self.list._first()).focus(); }}},
				[text, L.Texts.icon('close', 12)]);
		}, chips = f.tags.map(function (tag) { return chip(t.tag(self.data.events.tags.indexOf(tag)) || tag, function () { f.tags = f.tags.filter(function (x) { return x !== tag; }); }); });
		if (f.district) { chips.unshift(chip(this._districtName(f.district), function () { f.district = ''; })); }
		if (f.q) { chips.unshift(chip(t.word('quoted', {text: f.q}), function () { f.q = ''; })); }
		this._chips.replaceChildren.apply(this._chips, chips);
		this._figures.replaceChildren(this.pointer.figures(f.district) || '');
	},

	_districtName: function (id) {
		return this.data.districts.name[this._districtAt.get(id)];
	}
});
