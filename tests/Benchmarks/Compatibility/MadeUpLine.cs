using System.Globalization;
using System.Text.RegularExpressions;
using Relo.Conformance.Generated;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Fingerprints;
using Relo.Core.Objects;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// Made-up kernels that follow each other, beginning with a real one. Every second has the layouts of the one before, as rebuilt kernels
/// have; the others differ in what 1 to 60 changes of the BTF change (<see cref="KernelLine"/>).
/// </summary>
/// <remarks>
/// Reading the layouts of a kernel takes 100 ms, of 20,000 kernels half an hour. So the BTF is made and read for every tenth kernel with
/// other layouts; what differs there comes one by one in the ten, each at random. What the objects read comes at once, so the kernel
/// where it comes has the BTF of the tenth.
/// </remarks>
internal sealed partial class MadeUpLine
{
    private const int Together = 10, MostChanges = 60;

    private readonly string _release;
    private readonly KernelLine _line;
    private readonly Random _random;
    private readonly CompatibilityCheck[] _checks;
    private readonly Queue<(List<ulong> Changed, bool IsAsked)> _steps = [];
    private byte[] _btf;
    private Dictionary<ulong, NamedFingerprint> _now, _next;
    private HashSet<ulong> _asked;
    private int _made;

    public MadeUpLine(CorpusKernel kernel, int seed, IReadOnlyList<byte[]> objects)
    {
        _release = kernel.Id.Split('/')[3];
        _line = new(File.ReadAllBytes(kernel.Path));
        _random = new(seed);
        _checks = [.. objects.Select(file => new CompatibilityCheck(BpfObject.Read(file)))];
        (_btf, _next, _asked) = Read(changes: 0);
        _now = new(_next);
    }

    /// <summary>The next kernel.</summary>
    public MadeUpKernel Next()
    {
        var isAsked = _made == 0;
        if (_made % 2 == 0 && _made > 0)
        {
            if (_steps.Count == 0) Plan();
            var (changed, isOpened) = _steps.Dequeue();
            isAsked = isOpened;
            foreach (var key in changed)
            {
                if (_next.TryGetValue(key, out var layout)) _now[key] = layout;
                else _now.Remove(key);
            }
        }

        var release = ReleaseOf(_release, _made++);
        var btf = isAsked ? MadeUpBtf.WithName(_btf, release) : null;
        var digest = Digest.Of(btf ?? System.Text.Encoding.UTF8.GetBytes(release));
        return new(_release, release, digest, _btf.Length, btf, [.. _now.Values]);
    }

    /// <summary>The release of a kernel of a line: its number follows the version, so that the kernels are in order by age.</summary>
    public static string ReleaseOf(string line, int number) =>
        Version().Replace(line, version => string.Create(CultureInfo.InvariantCulture, $"{version.Value}.{number}"));

    private void Plan()
    {
        _now = _next; // the names of earlier ones keep their BTF in memory
        var before = _asked;
        (_btf, _next, _asked) = Read(Enumerable.Range(0, Together).Sum(_ => _random.Next(1, MostChanges)));
        var changed = _now.Keys.Union(_next.Keys)
            .Where(key => _now.GetValueOrDefault(key).Fingerprint != _next.GetValueOrDefault(key).Fingerprint).ToLookup(
                key => before.Contains(key) || _asked.Contains(key));
        var steps = Enumerable.Range(0, Together).Select(_ => new List<ulong>()).ToArray();
        foreach (var key in changed[false]) steps[_random.Next(Together)].Add(key);
        var asked = changed[true].ToList();
        var at = asked.Count > 0 ? _random.Next(Together) : -1;
        if (at >= 0) steps[at].AddRange(asked);
        _now = new(_now);
        for (var i = 0; i < Together; i++) _steps.Enqueue((steps[i], i == at));
    }

    private (byte[] Btf, Dictionary<ulong, NamedFingerprint> Layouts, HashSet<ulong> Asked) Read(int changes)
    {
        var btf = _line.Next(_random, changes);
        var types = BtfReader.Read(btf);
        var asked = _checks.SelectMany(check => check.Question.Names.Concat(
            check.Check(types).Also ?? throw new InvalidOperationException("an object reads more than layouts")));
        return (btf, KernelFingerprints.Of(types)!.All.ToDictionary(layout => layout.Key), [.. asked]);
    }

    [GeneratedRegex(@"^\d+(\.\d+)*(-\d+(\.\d+)*)?")]
    private static partial Regex Version();
}
