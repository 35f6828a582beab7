using Relo.Archive.Upstream.Apt;

namespace Relo.Archive.Tests.Upstream.Apt;

public class KernelPackageNameTests
{
    [Theory]
    [InlineData("linux-image-6.1.0-38-amd64", "Kernel", "6.1.0-38-amd64")]
    [InlineData("linux-image-6.1.0-38-amd64-unsigned", "Unsigned", "6.1.0-38-amd64")]
    [InlineData("linux-image-6.1.0-38-amd64-dbg", "Debug", "6.1.0-38-amd64")]
    [InlineData("linux-image-6.1.0-38-rt-amd64", "Kernel", "6.1.0-38-rt-amd64")]
    [InlineData("linux-image-6.12.117+deb13-cloud-amd64", "Kernel", "6.12.117+deb13-cloud-amd64")]
    [InlineData("linux-binary-7.2.13+deb14-amd64", "Kernel", "7.2.13+deb14-amd64")]
    [InlineData("linux-binary-unsigned-7.2.13+deb14-amd64", "Unsigned", "7.2.13+deb14-amd64")]
    [InlineData("linux-modules-7.2.13+deb14-amd64", "Modules", "7.2.13+deb14-amd64")]
    [InlineData("linux-image-unsigned-5.15.0-91-generic", "Unsigned", "5.15.0-91-generic")]
    [InlineData("linux-image-5.15.0-91-generic", "Kernel", "5.15.0-91-generic")]
    [InlineData("linux-modules-extra-5.15.0-91-generic", "Modules", "5.15.0-91-generic")]
    [InlineData("linux-image-unsigned-5.15.0-91-generic-dbgsym", "Debug", "5.15.0-91-generic")]
    [InlineData("linux-image-6.12.25+rpt-rpi-v8", "Kernel", "6.12.25+rpt-rpi-v8")]
    public void The_name_of_a_package_says_its_kernel(string name, string kind, string release)
    {
        var read = KernelPackageName.TryParse(name);
        Assert.Equal((kind, release), (read?.Kind.ToString(), read?.Release));
    }

    [Theory]
    [InlineData("linux-image-amd64")]
    [InlineData("linux-image-cloud-amd64-dbg")]
    [InlineData("linux-headers-6.1.0-38-amd64")]
    [InlineData("linux-image-generic-hwe-22.04")]
    [InlineData("linux-image-6.1.0-38-amd64/../x")]
    [InlineData("xlinux-image-6.1.0-38-amd64")]
    [InlineData("linux-modules-ipu6-5.15.0-91-generic")]
    [InlineData("linux-image-6.12-amd64-signed-template")]
    public void Other_packages_have_no_kernel_of_one_release(string name) => Assert.Null(KernelPackageName.TryParse(name));
}
