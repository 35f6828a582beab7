using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Resolution;

public sealed class KernelResolverTests
{
    private static readonly Kernel Focal = Make("ubuntu/20.04/x86_64/5.4.0-91-generic", 1);
    private static readonly Kernel Bionic = Make("ubuntu/18.04/x86_64/5.4.0-91-generic", 2);
    private static readonly Kernel FocalArm = Make("ubuntu/20.04/arm64/5.4.0-91-generic", 3);
    private static readonly Kernel Deb12 = Make("debian/12/x86_64/6.12.113+deb12-amd64", 4);
    private static readonly Kernel Centos = Make("centos/7/x86_64/3.10.0-957.el7.x86_64", 5);
    private static readonly Kernel Amzn1 = Make("amzn/1/x86_64/4.14.77-69.57.amzn1.x86_64", 6);
    private static readonly Kernel Uek = Make("ol/8/x86_64/5.4.17-2011.0.7.el8uek.x86_64", 7);
    private static readonly Kernel Custom = Make("custom/local/x86_64/sample-before", 8);

    private readonly KernelResolver _resolver = new(new KernelIndex([Focal, Bionic, FocalArm, Deb12, Centos, Amzn1, Uek, Custom]));

    [Theory]
    [InlineData("6.12.113+deb12-amd64")]
    [InlineData("6.12.113 deb12-amd64")] // '+' of a query that was not encoded
    [InlineData("  6.12.113+deb12-amd64\n")]
    [InlineData("debian/12/x86_64/6.12.113+deb12-amd64")]
    [InlineData("debian/12/x86_64/6.12.113 deb12-amd64")]
    [InlineData("\"Debian\"/'12'/amd64/6.12.113+deb12-amd64")]
    [InlineData("Linux node7 6.12.113+deb12-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.113-1~deb12u1 (2025-09-01) x86_64 GNU/Linux")]
    [InlineData("Linux node7 6.12.113 deb12-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.113-1~deb12u1 (2025-09-01) x86_64 GNU/Linux")]
    [InlineData("Linux version 6.12.113+deb12-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.12.113-1 (2025-09-01)")]
    [InlineData("Linux version 6.12.113 deb12-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP")]
    [InlineData("Linux 6.12.113+deb12-amd64 x86_64")] // uname -srm
    [InlineData("Linux 6.12.113+deb12-amd64")] // uname -sr
    public void Every_form_finds_the_kernel(string identifier) => Assert.Equal(Deb12, Found(identifier));

    [Fact]
    public void The_digest_of_its_BTF_finds_the_kernel()
    {
        Assert.Equal(Deb12, Found(Deb12.Btf.ToString()));
        Assert.Equal(Deb12, Found(Deb12.Btf.ToString().ToUpperInvariant()));
        Assert.Equal(Deb12, Found(Deb12.Btf.Hex));
    }

    [Fact]
    public void An_unknown_digest_has_nothing_near() =>
        Assert.Empty(Assert.IsType<KernelNotFound>(Resolve(Digest.Of("other"u8).ToString())).Nearest);

    [Fact]
    public void A_digest_is_narrowed_like_any_other_form() =>
        Assert.IsType<KernelNotFound>(_resolver.Resolve(new(Deb12.Btf.ToString(), Arch: "arm64")));

    [Fact]
    public void A_release_of_several_kernels_with_different_BTF_is_ambiguous() =>
        Assert.Equal([Bionic, FocalArm, Focal], Assert.IsType<KernelAmbiguous>(Resolve("5.4.0-91-generic")).Candidates);

    [Theory]
    [InlineData("amd64", null, "18.04", "ubuntu/18.04/x86_64/5.4.0-91-generic")]
    [InlineData("x86_64", "Ubuntu", "\"20.04\"", "ubuntu/20.04/x86_64/5.4.0-91-generic")]
    [InlineData("aarch64", null, null, "ubuntu/20.04/arm64/5.4.0-91-generic")]
    public void Parameters_narrow_in_any_spelling(string? arch, string? distro, string? version, string expected) =>
        Assert.Equal(expected, Assert.IsType<KernelFound>(_resolver.Resolve(new("5.4.0-91-generic", arch, distro, version))).Kernel.Id);

    [Fact]
    public void Several_kernels_that_share_one_BTF_are_one_answer()
    {
        var twin = Focal with { Id = "ubuntu/22.04/x86_64/5.4.0-91-generic", Version = "22.04" };
        var found = Assert.IsType<KernelFound>(new KernelResolver(new KernelIndex([twin, Focal])).Resolve(new("5.4.0-91-generic")));
        Assert.Equal(Focal, found.Kernel);
        Assert.Contains(found.Explanation, step => step.Contains("share", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_that_names_an_Ubuntu_version_never_gets_the_kernel_of_another_one()
    {
        const string text =
            "Linux ip-10-0-0-5 5.4.0-91-generic #102~18.04.1-Ubuntu SMP Fri Nov 5 16:31:28 UTC 2021 x86_64 x86_64 x86_64 GNU/Linux";
        Assert.Equal(Bionic, Found(text));
        var without = Assert.IsType<KernelNotFound>(new KernelResolver(new KernelIndex([Focal])).Resolve(new(text)));
        Assert.Equal(Focal, without.Nearest[0].Kernel);
        Assert.Contains(without.Explanation, step => step.Contains("Ubuntu 18.04", StringComparison.Ordinal));
    }

    [Fact]
    public void A_builders_name_in_the_text_chooses_among_several()
    {
        Kernel kali = Make("kali/2025/x86_64/6.1.0-38-amd64", 20), debian = Make("debian/12/x86_64/6.1.0-38-amd64", 21);
        var resolver = new KernelResolver(new KernelIndex([kali, debian]));
        Assert.IsType<KernelAmbiguous>(resolver.Resolve(new("6.1.0-38-amd64")));
        Assert.Equal(debian,
            Assert.IsType<KernelFound>(resolver.Resolve(
                new("Linux n 6.1.0-38-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02) x86_64 GNU/Linux"))).Kernel);
    }

    [Theory]
    [InlineData("rhel/7.9/x86_64/3.10.0-957.el7.x86_64", "centos/7/x86_64/3.10.0-957.el7.x86_64")] // major version, rebuild
    [InlineData("centos/7.9/x86_64/3.10.0-957.el7.x86_64", "centos/7/x86_64/3.10.0-957.el7.x86_64")]
    [InlineData("amazon/2018.03/x86_64/4.14.77-69.57.amzn1.x86_64", "amzn/1/x86_64/4.14.77-69.57.amzn1.x86_64")]
    [InlineData("oracle/8.4/amd64/5.4.17-2011.0.7.el8uek.x86_64", "ol/8/x86_64/5.4.17-2011.0.7.el8uek.x86_64")]
    public void Names_that_consumers_use_lead_to_where_archives_file_the_kernel(string asked, string expected) =>
        Assert.Equal(expected, Found(asked).Id);

    [Fact]
    public void Oracles_own_kernel_does_not_stand_in_for_Red_Hats() =>
        Assert.IsType<KernelNotFound>(Resolve("rhel/8/x86_64/5.4.17-2011.0.7.el8uek.x86_64"));

    [Fact]
    public void Another_distributions_kernel_of_the_same_release_is_only_near()
    {
        var missing = Assert.IsType<KernelNotFound>(Resolve("debian/12/x86_64/5.4.0-91-generic"));
        Assert.Equal("5.4.0-91-generic", missing.Nearest[0].Kernel.Release);
        Assert.Contains("the same release", missing.Nearest[0].Why);
        Assert.Contains("another distribution", missing.Nearest[0].Why);
    }

    [Fact]
    public void A_name_that_is_no_release_by_its_looks_is_found_when_it_is_here() => Assert.Equal(Custom, Found("sample-before"));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("not a kernel")]
    [InlineData("5.4.0;rm")]
    [InlineData("ubuntu/20.04/5.4.0-91-generic")]
    [InlineData("ubuntu/20.04/x86_64/../5.4.0")]
    [InlineData("a/b/c/..")]
    [InlineData("ubuntu//x86_64/5.4.0-91-generic")]
    [InlineData("sha256:12")]
    [InlineData("sha256:zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Linux node7")]
    [InlineData("Linux version")]
    [InlineData("Linux version unknown (a@b) #1")]
    [InlineData("#1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1 (2025-08-02)")]
    public void What_is_none_of_the_forms_is_invalid(string identifier) =>
        Assert.NotEmpty(Assert.IsType<KernelInvalid>(Resolve(identifier)).Detail);

    [Fact]
    public void Text_without_end_is_not_read() =>
        Assert.Contains("4096", Assert.IsType<KernelInvalid>(Resolve("Linux " + new string('x', 5000))).Detail);

    [Fact]
    public void A_Debian_package_version_is_told_apart_from_a_release() =>
        Assert.Contains(
            Assert.IsType<KernelNotFound>(Resolve("6.1.148-1")).Explanation, step => step.Contains("uname -r", StringComparison.Ordinal));

    [Fact]
    public void The_explanation_tells_each_step_in_order()
    {
        var found = Assert.IsType<KernelFound>(_resolver.Resolve(new("5.4.0-91-generic", "x86_64", null, "20.04")));
        Assert.Equal(
            ["read as release", "release 5.4.0-91-generic: 3 kernels", "architecture x86_64: 2 kernels",
                "any distribution, version 20.04: 1 kernel", "found ubuntu/20.04/x86_64/5.4.0-91-generic"],
            found.Explanation);
    }

    [Fact]
    public void A_kernel_that_was_found_and_then_deleted_is_not_found_again()
    {
        var index = new KernelIndex([Focal, Deb12]);
        var resolver = new KernelResolver(index);
        Assert.IsType<KernelFound>(resolver.Resolve(new(Deb12.Release)));
        index.Remove(Deb12.Id);
        Assert.IsType<KernelNotFound>(resolver.Resolve(new(Deb12.Release)));
    }

    private Kernel Found(string identifier) => Assert.IsType<KernelFound>(Resolve(identifier)).Kernel;

    private KernelResolution Resolve(string identifier) => _resolver.Resolve(new(identifier));

    private static Kernel Make(string id, byte btf)
    {
        var parts = id.Split('/');
        return new(id, parts[0], parts[1], parts[2], parts[3], Digest.Of([btf]), 100, "import", DateTimeOffset.UnixEpoch, []);
    }
}
