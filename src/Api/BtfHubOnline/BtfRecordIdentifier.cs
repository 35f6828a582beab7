using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;

namespace Relo.Api.BtfHubOnline;

/// <summary>How btfhub-online names a kernel, in its lists and in its queries.</summary>
internal sealed record BtfRecordIdentifier
{
    /// <summary>Distribution: <c>ubuntu</c>, <c>debian</c>, <c>amzn</c>, <c>centos</c>, <c>fedora</c>, …</summary>
    [FromQuery(Name = "distribution"), JsonPropertyName("distribution")]
    public string? Distribution { get; init; }

    /// <summary>Version of the distribution: <c>20.04</c>.</summary>
    [FromQuery(Name = "distribution_version"), JsonPropertyName("distribution_version")]
    public string? DistributionVersion { get; init; }

    /// <summary>Release of the kernel: <c>5.11.0-1022-gcp</c>.</summary>
    [FromQuery(Name = "kernel_version"), JsonPropertyName("kernel_version")]
    public string? KernelVersion { get; init; }

    /// <summary>Architecture: <c>x86_64</c> or <c>arm64</c>.</summary>
    [FromQuery(Name = "arch"), JsonPropertyName("arch")]
    public string? Arch { get; init; }

    /// <summary>The identifier of a kernel.</summary>
    public static BtfRecordIdentifier Of(Kernel kernel) =>
        new() { Distribution = kernel.Distro, DistributionVersion = kernel.Version, KernelVersion = kernel.Release, Arch = kernel.Arch };

    /// <summary>The query for the archive.</summary>
    /// <exception cref="RefusedException">One of the four is missing.</exception>
    public KernelQuery ToQuery() => new(string.Join('/',
        Given("distribution", Distribution), Given("distribution_version", DistributionVersion), Given("arch", Arch),
        Given("kernel_version", KernelVersion)));

    private static string Given(string name, string? value)
        => string.IsNullOrWhiteSpace(value)
            ? throw new RefusedException(Problem.InvalidParameter(name, "", "a value; distribution, distribution_version, arch and "
                + "kernel_version are required"))
            : value;
}
