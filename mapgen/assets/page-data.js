/** The blocks of the page: what its build has written in as few bytes as it could, as the parts of the page read it. */

/** The page's data: the columns of events written out. */
L.MapPage.data = function () {
	var data = JSON.parse(L.MapPage.block('mapgen-data'));
	L.MapPage.spreadTimes(data.events, data.steps);
	L.MapPage.spreadPlaces(data.events, data.events.at);
	return data;
};

/** Minutes from the subject's first one, and whose hour is not known: those that may start after their first step. */
L.MapPage.spreadTimes = function (events, steps) {
	events.vague = [];
	events.firstStep.forEach(function (step, i) {
		var late = events.firstLatest[i];
		events.first[i] += steps.start[step];
		events.firstLatest[i] += events.first[i];
		events.lastEarliest[i] += events.first[i];
		events.last[i] += events.lastEarliest[i];
		// The strip draws these thin.
		if (late < 1440 && events.firstLatest[i] >= (step + 1 < steps.start.length ? steps.start[step + 1] : steps.end)) { events.vague.push(i); }
	});
};

/** The columns of places as columns of events: {bins, bin, lon, lat, radius, precision, shape}. */
L.MapPage.spreadPlaces = function (events, at) {
	var column = function (name, none, zero) {
		events[name] = events.place.map(function (k) { return k < 0 || at[name][k] === null ? none : at[name][k] + zero; });
	};
	events.bins = at.bins;
	column('bin', at.bins.indexOf('unplaced'), 0);
	column('lon', null, at.zero[0]);
	column('lat', null, at.zero[1]);
	column('radius', 0, 0);
	column('precision', -1, 0);
	events.shape = events.place.map(function (k) { return at.shape[k] || null; });
};

/** The texts of events, in the rows and columns that `L.Texts` reads. */
L.MapPage.texts = function () {
	var store = JSON.parse(L.MapPage.block('mapgen-texts'));
	L.MapPage.spreadWhen(store, Object.keys(store.title));
	L.MapPage.spreadClaims(store, Object.keys(store.title));
	['sources', 'ground', 'places', 'people'].forEach(function (name) {
		var columns = store[name];
		store[name] = columns[0].map(function (first, i) {
			return columns.map(function (column) { return column[i] === null ? first : column[i]; });
		});
	});
	return store;
};

/** Columns `when` and `hour` by language, from forms that the numbers of each event fill: the hour stands between line feeds. */
L.MapPage.spreadWhen = function (store, languages) {
	var raw = store.when;
	store.when = {};
	store.hour = {};
	languages.forEach(function (code, k) {
		var said = raw.form.map(function (form, i) {
			var numbers = (raw.numbers[k][i] === null ? raw.numbers[0][i] : raw.numbers[k][i]).split(' '), n = 0;
			return raw.forms[form][k].replace(/\t/g, function () { return numbers[n++]; }).split('\n');
		});
		store.when[code] = said.map(function (parts) { return parts.slice(0, 3).join(''); });
		store.hour[code] = said.map(function (parts) { return parts[3] || parts[1] || ''; });
	});
};

/** `claims` by event, [about, [[value, note, refs] of each account]] each, and `disputed`: whose accounts differ. */
L.MapPage.spreadClaims = function (store, languages) {
	var raw = store.claims, at = 0, own = function (columns) { return languages.map(function (code) { return columns[code][at]; }); };
	store.claims = {};
	store.disputed = [];
	Object.keys(raw.events).forEach(function (i) {
		if (raw.agreed.indexOf(+i) < 0) { store.disputed.push(+i); }
		store.claims[i] = raw.events[i].map(function (group) {
			for (var rows = []; rows.length < group[1]; at++) {
				rows.push([own(raw.value), raw.note[languages[0]][at] ? own(raw.note) : 0, raw.refs[at]]);
			}
			return [group[0], rows];
		});
	});
};
