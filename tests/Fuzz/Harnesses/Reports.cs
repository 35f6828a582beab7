using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Json;
using Relo.Api.Http.Parameters;
using Relo.Api.Relocations;
using Relo.Api.Tests.Relocations;
using Relo.Archive.Kernels;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Report;
using Relo.Core.Tests.Report;

namespace Relo.Fuzz.Harnesses;

/// <summary>
/// The report as it is streamed beside one that is built whole, byte for byte, with any fields and pages.
/// <c>fields:16 limit:8 skipped:8</c> and an input of <see cref="MadePair"/>.
/// </summary>
internal static class Reports
{
    private const int HeadBytes = 4, MostBytes = 64 << 20;

    private static readonly Kernel Kernel =
        new("debian/12/x86_64/6.1.0", "debian", "12", "x86_64", "6.1.0", Digest.Of(""u8), 0, "fuzz", DateTimeOffset.UnixEpoch, []);

    public static IReadOnlyList<Harness> All { get; } =
    [
        new("report", "the streamed report beside one that is built whole", Seeds, Run)
        {
            MaxBytes = MadePairSeeds.MaxBytes + HeadBytes,
            Words = AccessTypes.Words,
            AllowedPerByte = 1 << 14, // both reports, and the cut one
        },
    ];

    private static IEnumerable<byte[]> Seeds() => MadePairSeeds.All().Select((seed, i) =>
        (byte[])[(byte)(i % 3 == 0 ? 0 : i), (byte)(i % 3 == 0 ? 0 : i / 2), (byte)(i % 5), (byte)(i % 7 / 2), .. seed]);

    private static void Run(byte[] input)
    {
        if (input.Length < HeadBytes) return;
        var pair = MadePair.Read(input.AsSpan(HeadBytes));
        var bpf = BpfObject.Read(pair.Object);
        var work = new WorkBudget(3_000_000, CancellationToken.None);
        if (Relocator.Relocate(bpf, BtfReader.Read(pair.Target), work) is not Relocated relocated) return;
        var streamed = Document(relocated, ReportBuilder.Build(bpf, relocated));
        var plain = Document(relocated, PlainReport.Of(bpf, relocated, CancellationToken.None));

        var parts = Parts(input);
        var expected = ReportCut.Of(
            (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(plain, ApiJson.Options), (byte)'\n'], parts.Fields, parts.Page?.Limit,
            parts.Page?.Skipped ?? 0);
        var actual = Stream(parts.Of(streamed));
        Objects.Must(actual.AsSpan().SequenceEqual(expected), "the streamed report is not the one that was built whole");
    }

    private static ReportDocument Document(Relocated relocated, RelocationReport report) => ReportDocument.Of(
        new CompletedRelocation(
            Digest.Of(""u8), Kernel, relocated.PatchedBytes, Digest.Of(relocated.PatchedBytes.Span), report, Addresses: null), "fuzz");

    private static ReportParts Parts(byte[] input)
    {
        var mask = input[0] | (input[1] << 8);
        var names = Members<ReportDocument>.Names.Where((_, i) => (mask >> i & 1) != 0).ToHashSet();
        var page = ListPage.Parse(input[2] == 0 ? null : input[2], input[3].ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new(names.Count == 0 ? null : names, page, new HashSet<Included>());
    }

    // Measured, then written: both passes must agree.
    private static byte[] Stream(object document)
    {
        var body = StreamedBody.MeasureJsonAsync(new DefaultHttpContext().Request, document, MostBytes, CancellationToken.None).GetAwaiter()
            .GetResult();
        using var output = new MemoryStream();
        body.WriteAsync(output, CancellationToken.None).GetAwaiter().GetResult();
        var bytes = output.ToArray();
        Objects.Must(bytes.Length == body.LengthBytes && Digest.Of(bytes) == body.Digest, "what was measured is not what was written");
        return bytes;
    }
}
