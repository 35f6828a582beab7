using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Relo.Api.Settings;

namespace Relo.Api.Tests.Settings;

public sealed class SizeTests
{
    [Theory]
    [InlineData("32MiB", 32L << 20)]
    [InlineData("32 mib", 32L << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("2TiB", 2L << 40)]
    [InlineData("64KiB", 64L << 10)]
    [InlineData("64MB", 64_000_000)]
    [InlineData("1kB", 1000)]
    [InlineData("100B", 100)]
    [InlineData("0MiB", 0)]
    public void Size_has_a_unit(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("32")] // a plain number is not for this to read
    [InlineData("MiB")]
    [InlineData("32M")] // a million or 2 to the 20th: nobody knows
    [InlineData("-1MiB")]
    [InlineData("1e3MiB")]
    [InlineData("0.3B")]
    [InlineData("99999999999TiB")]
    [InlineData("32MiB/s")]
    public void Text_that_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void Every_setting_of_bytes_takes_a_unit_and_others_take_none()
    {
        Assert.Equal(
            ["Archive:BtfBytes", "Archive:PaholeBytes", "Archive:S3:PartBytes", "Archive:UnpackedBytes", "Archive:UnpackedFileBytes",
                "Archive:Upstream:BytesPerSecond", "Archive:Upstream:FileBytes", "Archive:Upstream:IndexBytes",
                "Archive:Upstream:PackageBytes", "Cache:Bytes", "Cache:CompatibilityBytes", "Cache:DiskBytes",
             "Cache:PackedBytes", "Cache:ResultBytes", "Limits:BodyBytesPerSecond", "Limits:KernelFileBytes", "Limits:KernelUploadBytes",
             "Limits:MemoryBytes", "Limits:ObjectBytes", "Limits:ReportBytes",
             "Objects:Bytes"],
            KnownSettings.All.Where(s => s.IsSize).Select(s => s.Key).Order(StringComparer.Ordinal));
        var configuration =
            new ConfigurationManager { ["Limits:ObjectBytes"] = "16MiB", ["Cache:Bytes"] = "1048576", ["Archive:Root"] = "32MiB" };
        SettingsCheck.Apply(configuration);
        Assert.Equal(("16777216", "1048576", "32MiB"),
            (configuration["Limits:ObjectBytes"], configuration["Cache:Bytes"], configuration["Archive:Root"]));
    }

    [Fact]
    public void Faults_are_named_together()
    {
        var failed =
            Assert.Throws<OptionsValidationException>(() => SettingsCheck.Apply(
                new ConfigurationManager { ["Cache:Bytes"] = "much", ["Cache:Byte"] = "1", ["Objects:Retention:Days"] = "3" }));
        Assert.Equal(3, failed.Failures.Count());
        Assert.Contains(failed.Failures, f => f.StartsWith("Cache:Bytes is 'much', expected a number of bytes", StringComparison.Ordinal));
        Assert.Contains(failed.Failures, f => f.Contains("no setting Cache:Byte ", StringComparison.Ordinal)
            && f.EndsWith("did you mean Cache:Bytes?", StringComparison.Ordinal));
    }
}
