using System.Diagnostics;
using System.Text.RegularExpressions;
using Relo.Core.Contents;
using Relo.Core.Objects;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Contents;

/// <summary>The maps of real objects, as libbpf sees them: <c>bpftool gen skeleton</c> lists those of an object it has opened.</summary>
public sealed partial class MapsAgainstLibbpfTests
{
    [Fact]
    public void Every_object_of_libbpf_tools_has_the_maps_that_libbpf_finds()
    {
        Assert.SkipWhen(LibbpfTools.Objects.Count == 0, "libbpf-tools is not installed");
        Assert.SkipUnless(File.Exists("/usr/sbin/bpftool"), "bpftool is not installed");
        var compared = 0;
        foreach (var (name, bytes) in LibbpfTools.Objects)
        {
            var ours = ObjectContents.Of(BpfObject.Read(bytes)).Maps.Select(m => m.Name.TrimStart('.').Replace('.', '_'))
                .Order(StringComparer.Ordinal);
            var libbpf = Skeleton(bytes).Where(m => m != "kconfig").Order(StringComparer.Ordinal).ToArray();
            Assert.True(libbpf.SequenceEqual(ours), $"{name}: libbpf has {string.Join(' ', libbpf)}, we have {string.Join(' ', ours)}");
            compared += libbpf.Length;
        }
        Assert.True(compared > 100, $"only {compared} maps compared");
    }

    private static IEnumerable<string> Skeleton(byte[] bytes)
    {
        var path = Path.Combine(Path.GetTempPath(), $"relo_{Guid.NewGuid():n}.o");
        File.WriteAllBytes(path, bytes);
        try
        {
            using var bpftool = Process.Start(
                new ProcessStartInfo("/usr/sbin/bpftool", ["gen", "skeleton", path, "name", "x"]) { RedirectStandardOutput = true })!;
            var text = bpftool.StandardOutput.ReadToEnd();
            bpftool.WaitForExit();
            Assert.Equal(0, bpftool.ExitCode);
            return [.. Map().Matches(text).Select(m => m.Groups[1].Value).Distinct()];
        }
        finally
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex(@"^\t\tstruct bpf_map \*(\w+);$", RegexOptions.Multiline)]
    private static partial Regex Map();
}
