// swift-tools-version:5.5
// For Apple's systems, where CryptoKit is. Elsewhere copy the one file into your program, and add the package swift-crypto.
import PackageDescription

let package = Package(
    name: "MintmarkVerify",
    platforms: [.macOS(.v10_15), .iOS(.v13), .tvOS(.v13), .watchOS(.v6)],
    products: [.library(name: "MintmarkVerify", targets: ["MintmarkVerify"])],
    targets: [.target(name: "MintmarkVerify")]
)
